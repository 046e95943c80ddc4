// The types of the two schemas with all that they demand, in typia's words.
import typia, { type tags } from "typia";

type Revision = string &
  tags.Pattern<"^(?:0|[1-9][0-9]{0,18}|1[0-7][0-9]{18}|18[0-3][0-9]{17}|184[0-3][0-9]{16}|1844[0-5][0-9]{15}|18446[0-6][0-9]{14}|184467[0-3][0-9]{13}|1844674[0-3][0-9]{12}|184467440[0-6][0-9]{10}|1844674407[0-2][0-9]{9}|18446744073[0-6][0-9]{8}|1844674407370[0-8][0-9]{6}|18446744073709[0-4][0-9]{5}|184467440737095[0-4][0-9]{4}|18446744073709550[0-9]{3}|18446744073709551[0-5][0-9]{2}|1844674407370955160[0-9]|1844674407370955161[0-4]|18446744073709551615)$">;

interface SnapshotEnvelope {
  revision: Revision;
  data: unknown;
  epoch?: string | null;
}

interface Person {
  name: string;
  email?: string | null;
}

interface Card {
  id: string;
  title: string;
  status: "open" | "doing" | "done";
  estimate?: number & tags.Minimum<0>;
  archived: boolean;
  position: { x: number; y: number };
  labels: string[];
  assignee?: Person;
}

interface Board {
  title: string & tags.MinLength<1> & tags.MaxLength<200>;
  version: number & tags.Type<"int64"> & tags.Minimum<1>;
  owner: Person;
  cards: Card[];
}

type Text<Maximum extends number> = string & tags.MinLength<1> & tags.MaxLength<Maximum>;

interface LimitedPerson extends Person {
  name: Text<100>;
}

interface LimitedCard extends Card {
  id: Text<64>;
  title: Text<200>;
  labels: Text<50>[] & tags.MaxItems<20>;
  assignee?: LimitedPerson;
}

interface LimitedBoard extends Board {
  owner: LimitedPerson;
  cards: LimitedCard[];
}

export const isSnapshotEnvelope = typia.createIs<SnapshotEnvelope>();
export const isBoard = typia.createIs<Board>();
export const isLimitedBoard = typia.createIs<LimitedBoard>();
