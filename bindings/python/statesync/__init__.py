"""The state-sync protocol: its messages, typed and read strictly, and the operations on revisions.

>>> from statesync import decode_invalidation_event, next_revision
>>> event = decode_invalidation_event('{"topic":"settings","revision":"41"}')
>>> next_revision(event.revision)
'42'
"""

from . import generated
from .generated import *
from .revision import MAXIMUM_REVISION, ZERO_REVISION, compare_revisions, is_canonical_revision, next_revision
from .topic import is_blank_topic

__version__ = "0.1.0"

__all__ = [
    "MAXIMUM_REVISION",
    "ZERO_REVISION",
    "compare_revisions",
    "is_blank_topic",
    "is_canonical_revision",
    "next_revision",
]
__all__ += generated.__all__
