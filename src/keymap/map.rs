//! The live map: which keys mean which action where.

use super::actions::{ACTIONS, Action, ActionInfo};
use super::context::Context;
use super::key::Key;
use super::layout::{Chosen, Layout};
use super::mention::Written;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A key's meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// The keys pressed so far mean this. Which one, for an action that takes a digit, is [`Key::digit`] of the last key.
    Action(Action),
    /// More keys are to come: these, in the order in which they are to be shown.
    Pending(Vec<Continuation>),
    /// The keys mean nothing here; what has the focus may type them.
    Unbound,
}

/// Keys that finish what was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Continuation {
    /// The keys still to be pressed.
    pub keys: Vec<Key>,
    /// What they then mean.
    pub action: Action,
}

/// Keys and their meaning in one context; nothing, if they are unbound there.
#[derive(Debug, Clone)]
pub(super) struct Binding {
    pub(super) keys: Vec<Key>,
    pub(super) action: Option<Action>,
    /// The place of the file among the files that were laid over one another; 0 is the lowest.
    pub(super) layer: usize,
    pub(super) line: usize,
}

/// The keys of every context.
#[derive(Debug, Clone, Default)]
pub struct Keymap {
    pub(super) parents: BTreeMap<Context, Context>,
    pub(super) bindings: BTreeMap<Context, Vec<Binding>>,
    /// Keyboards that are looked up where a key means nothing, and which of them.
    pub(super) layouts: Vec<Layout>,
    pub(super) chosen: Chosen,
    /// The key behind which single characters lie outside text, where a preset promises that none is a command alone.
    pub(super) leader: Option<Key>,
    /// The default keys that sentences mention.
    pub(super) written: Vec<Written>,
    /// The files that were laid over one another, the lowest first.
    pub(super) files: Vec<String>,
    /// The keys of actions as they were asked for.
    pub(super) shown: Shown,
}

/// The keys of actions in their contexts as they are shown: each footer asks for the same ones with every key that is pressed.
/// A copy of a map begins with none, for it may become another map.
#[derive(Debug, Default)]
pub(super) struct Shown(Mutex<ShownKeys>);

type ShownKeys = BTreeMap<(Context, Action), Arc<[String]>>;

impl Clone for Shown {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Keymap {
    /// What a key means in a context after the keys already pressed.
    ///
    /// The context itself is asked first, then its parents in turn; the nearest one that knows the keys decides, and
    /// `"none"` there hides what a parent would say, of these keys and of all that begin with them.
    #[must_use]
    pub fn resolve(&self, context: Context, pending: &[Key], key: Key) -> Resolution {
        let mut pressed = pending.to_vec();
        pressed.push(key);
        let mut continuations: Vec<Continuation> = Vec::new();
        let mut hidden: Vec<&[Key]> = Vec::new();
        for level in self.chain(context) {
            let begun = self.level(level).iter().filter(|binding| begins_with(binding, &pressed));
            let (whole, longer): (Vec<_>, Vec<_>) =
                begun.partition(|binding| binding.keys.len() == pressed.len());
            if continuations.is_empty()
                && let Some(action) = most_exact(&whole, &pressed).and_then(|whole| whole.action)
            {
                return Resolution::Action(action);
            }
            for binding in longer {
                let rest = binding.keys.get(pressed.len()..).unwrap_or_default();
                if !hidden.contains(&rest)
                    && let Some(action) = binding.action
                {
                    continuations.push(Continuation { keys: rest.to_vec(), action });
                }
                hidden.push(rest);
            }
            if self.level(level).iter().any(|binding| ends_here(binding, &pressed)) {
                break;
            }
        }
        if continuations.is_empty() {
            Resolution::Unbound
        } else {
            Resolution::Pending(continuations)
        }
    }

    /// The keys that mean an action in a context, as they are to be shown: the nearest and newest first.
    #[must_use]
    pub fn keys_for(&self, context: Context, action: Action) -> Arc<[String]> {
        let mut known = self.shown.0.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = known.entry((context, action)).or_insert_with(|| {
            let mut shown: Vec<String> = Vec::new();
            for keys in self.sequences_for(context, action) {
                let printed = self.print(keys);
                if !shown.contains(&printed) {
                    shown.push(printed);
                }
            }
            shown.into()
        });
        Arc::clone(keys)
    }

    /// Every action that means something in a context, bound or not, in the order of the table; for palette and help.
    pub fn actions_in(&self, context: Context) -> impl Iterator<Item = &'static ActionInfo> {
        let chain: Vec<Context> = self.chain(context).collect();
        ACTIONS.iter().filter(move |info| info.contexts.iter().any(|place| chain.contains(place)))
    }

    /// The key sequences that mean an action in a context and are hidden by nothing nearer.
    pub(super) fn sequences_for(
        &self,
        context: Context,
        action: Action,
    ) -> impl Iterator<Item = &[Key]> {
        self.chain(context)
            .flat_map(|level| self.level(level))
            .filter(move |binding| binding.action == Some(action))
            .map(|binding| binding.keys.as_slice())
            .filter(move |keys| {
                keys.split_last().is_some_and(|(last, before)| {
                    self.resolve(context, before, *last) == Resolution::Action(action)
                })
            })
    }

    /// The context and its parents, nearest first.
    pub(super) fn chain(&self, context: Context) -> impl Iterator<Item = Context> {
        let next = |level: &Context| self.parents.get(level).copied();
        // Loading refuses loops; the bound holds even so.
        std::iter::successors(Some(context), next).take(Context::ALL.len())
    }

    pub(super) fn level(&self, context: Context) -> &[Binding] {
        self.bindings.get(&context).map_or(&[], Vec::as_slice)
    }
}

fn begins_with(binding: &Binding, pressed: &[Key]) -> bool {
    binding.keys.len() >= pressed.len()
        && binding.keys.iter().zip(pressed).all(|(bound, press)| bound.is_pressed_by(*press))
}

/// Whether a binding unbinds the keys, or what they begin with: nothing farther out is asked then.
fn ends_here(binding: &Binding, pressed: &[Key]) -> bool {
    binding.action.is_none()
        && binding.keys.len() <= pressed.len()
        && binding.keys.iter().zip(pressed).all(|(bound, press)| bound.is_pressed_by(*press))
}

/// A binding of the very keys goes before one of `1-9`.
fn most_exact<'a>(whole: &[&'a Binding], pressed: &[Key]) -> Option<&'a Binding> {
    let exact = whole.iter().find(|binding| binding.keys == pressed);
    exact.or_else(|| whole.first()).copied()
}
