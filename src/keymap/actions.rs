//! The one table of actions: what can be done from the keyboard, what it is called, and where it means something.

use super::context::Context;

/// What an action is called, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionInfo {
    /// The action.
    pub action: Action,
    /// The name in a keymap file, `subject.verb`; never changes, for files hold it.
    pub name: &'static str,
    /// The word in the footer.
    pub label: &'static str,
    /// One sentence for help and palette.
    pub help: &'static str,
    /// The contexts in which it means something; it does so in every context within them, too.
    pub contexts: &'static [Context],
    /// Whether the key pressed says which one: such an action is bound to a digit, or to `1-9` for all of them.
    pub takes_digit: bool,
}

/// Declares the enum, its table and the way from one to the other, so that an action is written down once.
macro_rules! actions {
    ($($action:ident $name:literal $label:literal $help:literal [$($context:ident)+] $digit:literal;)+) => {
        /// Something that a caseworker can do with a key.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action {
            $(#[doc = $help] $action,)+
        }

        /// Every action, in the order in which help and palette show them.
        pub const ACTIONS: &[ActionInfo] = &[$(*Action::$action.info(),)+];

        impl Action {
            /// The action's line in the table.
            #[must_use]
            pub const fn info(self) -> &'static ActionInfo {
                match self {
                    $(Self::$action => &ActionInfo {
                        action: Self::$action,
                        name: $name,
                        label: $label,
                        help: $help,
                        contexts: &[$(Context::$context),+],
                        takes_digit: $digit,
                    },)+
                }
            }
        }
    };
}

actions! {
    OpenFind "find.open" "find" "Finds a person or a case." [Everywhere] false;
    OpenPalette "palette.open" "all" "Lists every action that means something here, with its keys." [Everywhere] false;
    OpenHelp "help.open" "help" "Shows the keys that work here." [Everywhere Text] false;
    ClaimNext "case.claim-next" "next" "Claims the next case of the chosen queue and opens it." [Everywhere] false;
    NewCase "intake.open" "new" "Takes in a new case, for the person on the screen if there is one." [Everywhere] false;
    Undo "undo" "undo" "Takes back your last act, unless somebody has changed the case since." [Everywhere] false;
    Why "why" "why" "Explains the value under the cursor: the due date, the order, the match." [Everywhere] false;
    Back "go.back" "back" "Goes back to the screen before this one." [Everywhere] false;
    Forward "go.forward" "forward" "Goes forward again after going back." [Everywhere] false;
    GoBoard "go.board" "board" "Goes to the board." [Everywhere] false;
    GoOverdue "go.overdue" "overdue" "Goes to the overdue cases." [Everywhere] false;
    GoLedger "go.ledger" "reconcile" "Proves that no request was lost: received = in screening + open + ended." [Everywhere] false;
    GoDuplicates "go.duplicates" "duplicates" "Lists people who were found likely the same when one of them was registered." [Everywhere] false;
    GoNews "go.news" "since" "Shows what came for you since you left." [Everywhere] false;
    GoDay "go.day" "day" "Shows what of yours must not stay overnight, and how the day was." [Everywhere] false;
    GoColleagues "go.colleagues" "cover" "Shows who is here, who is away and who stands in." [Everywhere] false;
    GoDrafts "go.drafts" "drafts" "Lists what you were typing and have not sent: drafts." [Everywhere] false;
    Refresh "refresh" "refresh" "Reads the screen again, and draws all of it anew." [Everywhere Help Text] false;
    NextSection "section.next" "section" "Moves to the next section of the screen." [Everywhere] false;
    PreviousSection "section.previous" "section back" "Moves to the previous section of the screen." [Everywhere] false;
    Leave "leave" "leave" "Leaves what is open; what was typed is kept as a draft." [Everywhere Help Text] false;
    Quit "quit" "quit" "Ends casedesk." [Everywhere] false;

    ListDown "list.down" "down" "Moves to the next row." [List Help Find Palette] false;
    ListUp "list.up" "up" "Moves to the previous row." [List Help Find Palette] false;
    PageDown "list.page-down" "page" "Moves a page down." [List Help Find Palette] false;
    PageUp "list.page-up" "page up" "Moves a page up." [List Help Find Palette] false;
    ListFirst "list.first" "first" "Moves to the first row." [List Help] false;
    ListLast "list.last" "last" "Moves to the last row." [List Help] false;
    OpenRow "list.open" "open" "Opens the row." [List Find Palette] false;

    OpenLimit "list.limit" "limit" "Limits the list by words like `late unit:water due<2d`." [Board] false;
    OnlyAlike "list.alike" "alike" "Shows only what is alike to the row: of its subject and nature, and nobody's or yours; again, what was there before." [Board] false;
    OpenFrequencies "list.frequencies" "count" "Counts how often each value of a field occurs in the list." [Board] false;
    OrderRows "list.sort" "sort" "Sorts the list by another field." [Board] false;
    OpenViews "list.views" "views" "Shows your saved views: a digit chooses one, a letter saves the list as it is." [Board] false;

    ChooseQueue "board.queue" "queue" "Shows the queue or view of that digit." [Board] true;

    Escalate "case.escalate" "escalate" "Escalates the case in place, or answers an escalation that came to you." [Row] false;
    Acknowledge "case.acknowledge" "acknowledge" "Says that you have seen an escalation that came to you." [Row] false;
    Reply "case.reply" "reply" "Writes a reply to whoever asked." [Row] false;
    AddNote "case.note" "note" "Adds a note to the case." [Row] false;
    Hold "case.hold" "hold" "Puts the case on hold until a date, or takes it off hold." [Row] false;
    Give "case.give" "give" "Gives the case to another person or unit." [Row] false;
    NextStep "case.step" "step" "Does the case's next step: screens it, or marks the next task as done." [Row] false;
    CloseCase "case.close" "close" "Closes the case with an outcome." [Row] false;
    ReopenCase "case.reopen" "reopen" "Reopens a closed case, with a reason." [Row] false;
    CorrectClosed "case.correct" "correct" "Corrects a closed case's subject or form with a reason; it waits for a second signature, and stays closed." [Row] false;
    Knowledge "case.knowledge" "knowledge" "Shows what the office knows about the case's subject, to read and to put into a reply." [Row] false;
    CameBack "case.came-back" "came back" "Notes that a message of the case came back, and why." [Row] false;
    Merge "merge" "merge" "Merges the case with another one, or the two people of a pair: both numbers lead to what stays." [Row Alike] false;
    Unmerge "merge.undo" "take apart" "Takes the newest merge of the case or the person apart, also after others have worked on it." [Case Person] false;
    NextCase "case.next" "next case" "Opens the next case of the list that you came from." [Row] false;
    PreviousCase "case.previous" "previous case" "Opens the previous case of the list that you came from." [Row] false;
    HopOnCase "case.hop" "go" "Opens the person of that digit." [Case] true;

    HopOnPerson "person.hop" "go" "Opens the relative or the case of that digit." [Person] true;
    Reveal "person.reveal" "show" "Shows what is masked, for a purpose that is recorded." [Person Case] false;
    DuplicatesOf "person.duplicates" "same person?" "Lists the people who are likely the same as this one, to merge or tell apart." [Person] false;
    EditPerson "person.edit" "edit" "Edits the person in place, each field with its source." [Person] false;

    IntoHits "find.into-hits" "hits" "Moves into the hits, where digits and letters mean something." [Find] false;
    IntoText "find.into-text" "text" "Moves back to the text of the search." [FindHits] false;
    Alike "find.alike" "alike" "Shows everybody of about the chosen one's name, whatever else was typed; again, what was typed." [FindHits] false;
    OpenHit "find.open-hit" "open" "Opens the hit of that digit." [FindHits] true;
    NewPerson "person.new" "new person" "Makes a new person of the words that were typed." [FindHits] false;

    OpenAlike "alike.open" "open" "Opens the file of that digit: of a pair, the first or the second." [Alike] true;
    UseAlike "alike.use" "this one" "Takes the person who is here already, and registers nobody." [Alike] false;
    NotSame "alike.not-same" "not the same" "Says that the two are not one person; it is remembered." [Alike] false;

    NewerAge "overdue.newer" "newer" "Chooses what has been late for a shorter time." [Overdue] false;
    OlderAge "overdue.older" "older" "Chooses what has been late for a longer time." [Overdue] false;
    ChooseAge "overdue.age" "age" "Opens what has been late for as long as the age of that digit says." [Overdue] true;
    SettleLeftOver "day.settle" "deal with it" "Deals with the row: releases the claim, drops the draft, or says that you have seen the escalation." [Day] false;
    MarkAway "colleague.away" "away" "Says that a colleague is ill or away, and hands over what waits for them." [Colleagues] false;
    MarkBack "colleague.back" "back" "Says that a colleague is here again." [Colleagues] false;
    MarkLeft "colleague.gone" "gone" "Says that a colleague has left for good, and hands over what waits for them." [Colleagues] false;
    OpenDraft "draft.open" "open" "Goes to what the draft is about, with its words in the form." [Drafts] false;
    DropDraft "draft.drop" "drop" "Drops the draft; the undo key takes that back while the list is open." [Drafts] false;

    NextField "form.next" "next" "Moves to the next field." [Intake Editor Line] false;
    PreviousField "form.previous" "back" "Moves to the previous field." [Intake Editor Line] false;
    Register "intake.register" "register" "Registers the case, once nothing is missing." [Intake] false;
    ShowAlike "form.alike" "alike" "Moves into the people who are likely the same as the one in the form." [Intake] false;
    Send "editor.send" "send" "Sends or saves what was written." [Editor Line] false;

    Promise "promise.make" "promise" "Promises something by a time, to the person of the case or file." [Row] false;
    EndPromise "promise.end" "promised" "Says what became of what was promised: kept, tried, broken, released." [Row] false;
    GoRing "ring.go" "ring" "Goes to the promise that rings first, and again to the next." [Everywhere] false;
    GoPromises "go.promises" "promises" "Goes to what was promised, and how much of it each unit keeps." [Everywhere] false;
    GoMail "go.mail" "mail" "Lists the cases whose messages wait or have failed." [Everywhere] false;
    Emergency "emergency" "emergency" "Opens a file or a case that is closed to you for an hour, with a reason; or gives it back." [Everywhere] false;
    GoAccesses "go.accesses" "accesses" "Lists emergency accesses to review, and who was turned away from closed files." [Everywhere] false;
    GoSignings "go.signatures" "to sign" "Lists what waits for a second signature: yours on what others signed, and theirs on what you signed." [Everywhere] false;
    Countersign "signature.sign" "sign" "Signs second, so that what somebody else signed takes effect." [Signings] false;
    SendBackSignature "signature.send-back" "send back" "Sends back what somebody else signed, with a reason; or takes your own first signature back." [Signings] false;
    FindJustified "access.justified" "justified" "Says that the emergency access was right, in words." [Accesses] false;
    FindUnjustified "access.unjustified" "not justified" "Says that the emergency access was not right, in words." [Accesses] false;
    GoUnrouted "go.unrouted" "unrouted" "Lists the cases that no rule could place, in the units that you lead." [Everywhere] false;
    ChoosePromises "promises.filter" "which" "Shows the promises of that digit: open, late, kept, broken, released." [Promises] true;
    Mark "list.mark" "mark" "Marks the row, or unmarks it, and goes down." [Row Handover] false;
    MarkRange "list.range" "range" "Begins a range at the row; again, marks all rows from there to here." [Row] false;
    MarkAll "list.mark-all" "mark all" "Marks all rows of the list." [Row Handover] false;
    UnmarkAll "list.unmark" "unmark" "Unmarks all rows." [Row Handover] false;
    Repeat "repeat" "again" "Does your last act again, with the same words: with what is marked, or with the row under the cursor." [Everywhere] false;
    Count "count" "count" "Begins a number; the motion or mark that follows is done so often." [Everywhere] false;
    GoPlaces "go.places" "places" "Lists the places where you have been, newest first." [Everywhere] false;
    RecordMacro "macro.record" "record" "Records a macro: every key from now on; again, it ends, and the keys get a name." [Everywhere] false;
    PlayMacro "macro.play" "play" "Lists your macros, to play one on the row under the cursor or once on each marked row." [Everywhere] false;
    PickRow "picker.pick" "pick" "Picks the row of that digit." [Picker] true;
    EditMacro "macro.edit" "edit" "Shows the macro's name and keys, to be changed." [Picker] false;
    DropMacro "macro.drop" "drop" "Drops the macro." [Picker] false;
    PrintSlip "case.slip" "receipt" "Prints the receipt of the case with a new PIN, and shows it; a PIN printed before is worth nothing then." [Row] false;
    NextLetter "letters.next" "read on" "Shows the rest of the letter, and then the letter of the next reader." [Letters] false;
    PreviousLetter "letters.previous" "read back" "Shows the letter further up, and then the letter of the reader before." [Letters] false;
    Contact "contact.open" "contact" "Begins a call, visit or letter, or ends the one that runs with the letter of its outcome." [Everywhere Text] false;
    VerifyCaller "contact.verify" "verify" "Asks the caller two of four questions from the file, and records whether the answers were right." [Everywhere] false;
    CalibrateBidi "bidi.calibrate" "right-to-left" "Shows Persian and Hebrew in each order that there is, to choose the one that reads rightly here." [Everywhere] false;
    StartAnew "form.anew" "anew" "Drops what was kept of the form, and begins it anew." [Intake Editor Line] false;
    Decide "case.decide" "decide" "Decides the case: an outcome of its type, with reasons and ground." [Row] false;
    Extend "case.extend" "extend" "Extends a clock of the case, where the law behind it says so, and tells the citizen." [Row] false;
    FillIn "case.fill-in" "form" "Fills in the form of the case's type." [Row] false;
    TakeSuggested "intake.suggested" "take subject" "Takes the subject that closed cases suggest for what is said." [Intake Editor] false;
    HandToSubstitute "handover.substitute" "to substitute" "Hands what is marked, or the row, to whoever stands in." [Handover] false;
    HandToColleague "handover.colleague" "give" "Hands what is marked, or the row, to a colleague." [Handover] false;
    HandToQueue "handover.queue" "to queue" "Puts what is marked, or the row, back into its queue; a promise goes to whoever leads the unit." [Handover] false;
    TakeDraft "handover.draft" "take draft" "Takes over what the colleague began to write, with a reason that is kept." [Handover] false;
}

impl Action {
    /// The action of that name in a keymap file.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ACTIONS.iter().find(|info| info.name == name).map(|info| info.action)
    }
}
