//! A program for a snapshot envelope whose data a given program checks.

use super::{
    names::NameTable,
    pattern::Pattern,
    program::{Member, Members, Node, ObjectRule, Program, Rule, StringRule},
};

impl Program {
    /// The program for `SnapshotEnvelope` around payloads of this one.
    ///
    /// It stops at a member given twice and at anything else that the typed decoding of the envelope refuses.
    #[must_use]
    pub fn in_envelope(mut self) -> Self {
        let data = self.root;
        let revision = StringRule { patterns: vec![Pattern::Revision], ..StringRule::default() };
        let revision = self.add(Node { string: Rule::Check(revision), ..Node::never() });
        let epoch = self.add(Node { string: Rule::Any, null: Rule::Any, ..Node::never() });
        let any = self.add(Node {
            any: true,
            null: Rule::Any,
            boolean: Rule::Any,
            number: Rule::Any,
            string: Rule::Any,
            array: Rule::Any,
            object: Rule::Any,
        });
        let members = Members {
            names: NameTable::new(["revision", "data", "epoch"].into_iter()),
            members: vec![
                Member { node: revision, bit: 1 },
                Member { node: data, bit: 2 },
                Member { node: epoch, bit: 4 },
            ],
            additional: any,
            required: 3,
            minimum: 0,
            maximum: usize::MAX,
            unique: true,
        };
        let object = Rule::Check(ObjectRule::Members(Box::new(members)));
        self.root = self.add(Node { object, ..Node::never() });
        self
    }

    fn add(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }
}
