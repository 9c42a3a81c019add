//! The screens that were opened: where one is, back, forward, and home to the board.

use std::collections::VecDeque;

use super::place::Place;
use super::screen::{Screen, Ticket};
use super::whereabouts::Whereabouts;

/// The most screens that are kept; the oldest after the board goes first.
const SCREENS_MAX: usize = 50;

/// Names a screen that was opened, for the answers that belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ScreenId(u64);

/// A screen that was opened.
pub(super) struct Entry {
    pub(super) id: ScreenId,
    pub(super) place: Place,
    pub(super) screen: Box<dyn Screen>,
    /// What it asked for when it was opened and has not heard of yet.
    pub(super) loading: Vec<Ticket>,
}

/// The screens, the first of which is the board for as long as the program runs.
pub(super) struct History {
    board: Entry,
    /// The screens after the board, oldest first.
    opened: VecDeque<Entry>,
    /// How many of `opened` lie at or before the current one; with 0 the board is current.
    depth: usize,
    next_id: u64,
}

impl History {
    /// A history that begins with the board.
    pub(super) fn new(board: Box<dyn Screen>) -> Self {
        let board =
            Entry { id: ScreenId(0), place: Place::Board, screen: board, loading: Vec::new() };
        Self { board, opened: VecDeque::new(), depth: 0, next_id: 1 }
    }

    /// The board.
    pub(super) fn board(&self) -> &Entry {
        &self.board
    }

    /// The current screen.
    pub(super) fn current(&self) -> &Entry {
        self.depth.checked_sub(1).and_then(|at| self.opened.get(at)).unwrap_or(&self.board)
    }

    /// The screen that is shown, to be changed.
    pub(super) fn current_mut(&mut self) -> &mut Entry {
        self.depth.checked_sub(1).and_then(|at| self.opened.get_mut(at)).unwrap_or(&mut self.board)
    }

    /// The screen before the current one, to be changed.
    pub(super) fn previous_mut(&mut self) -> Option<&mut Entry> {
        match self.depth {
            0 => None,
            1 => Some(&mut self.board),
            depth => self.opened.get_mut(depth - 2),
        }
    }

    /// The screen of that name, if it is still there.
    pub(super) fn screen_mut(&mut self, id: ScreenId) -> Option<&mut Entry> {
        if self.board.id == id {
            return Some(&mut self.board);
        }
        self.opened.iter_mut().find(|entry| entry.id == id)
    }

    /// Whether the board is current.
    pub(super) fn is_home(&self) -> bool {
        self.depth == 0
    }

    /// Opens a screen after the current one; those that one could have gone forward to are gone.
    pub(super) fn open(&mut self, place: Place, screen: Box<dyn Screen>) {
        self.opened.truncate(self.depth);
        if self.opened.len() >= SCREENS_MAX {
            self.opened.pop_front();
        }
        let id = ScreenId(self.next_id);
        self.next_id += 1;
        self.opened.push_back(Entry { id, place, screen, loading: Vec::new() });
        self.depth = self.opened.len();
    }

    /// Puts a screen in the place of the current one, unless that is the board.
    pub(super) fn replace(&mut self, place: Place, screen: Box<dyn Screen>) {
        self.depth = self.depth.saturating_sub(1);
        self.open(place, screen);
    }

    /// Goes back one screen; whether there was one.
    pub(super) fn back(&mut self) -> bool {
        let can = self.depth > 0;
        self.depth = self.depth.saturating_sub(1);
        can
    }

    /// Goes forward one screen; whether there was one.
    pub(super) fn forward(&mut self) -> bool {
        let can = self.depth < self.opened.len();
        self.depth += usize::from(can);
        can
    }

    /// Goes to the board; the others stay where forward finds them.
    pub(super) fn home(&mut self) {
        self.depth = 0;
    }

    /// How many screens lie between the board and the current one, that one included.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Every screen, the board first.
    pub(super) fn entries_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        std::iter::once(&mut self.board).chain(&mut self.opened)
    }

    /// Goes to the screen that lies so many behind the board, or to the last one.
    pub(super) fn go_to(&mut self, depth: usize) {
        self.depth = depth.min(self.opened.len());
    }

    /// Has the board show again what it showed.
    pub(super) fn put_board_back(&mut self, whereabouts: &Whereabouts) {
        self.board.screen.put_back(whereabouts);
    }

    /// Goes back to a screen that lies before the current one; whether it is there.
    pub(super) fn go_back_to(&mut self, id: ScreenId) -> bool {
        let at = self.opened.iter().position(|entry| entry.id == id);
        let depth = at.map(|at| at + 1).filter(|depth| *depth < self.depth);
        self.depth = depth.unwrap_or(self.depth);
        depth.is_some()
    }
}
