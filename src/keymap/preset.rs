//! The keymaps that casedesk brings with it.

/// Names and texts of the presets; the first is the default.
pub const PRESETS: &[(&str, &str)] = &[
    ("default", include_str!("../../keymaps/default.toml")),
    ("vim", include_str!("../../keymaps/vim.toml")),
    ("mainframe", include_str!("../../keymaps/mainframe.toml")),
    ("emacs", include_str!("../../keymaps/emacs.toml")),
    ("no-letters", include_str!("../../keymaps/no-letters.toml")),
];

/// The text of the keyboards that casedesk knows.
pub(super) const LAYOUTS: &str = include_str!("../../keymaps/layouts.toml");

/// The names of the presets.
pub fn preset_names() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().map(|(name, _)| *name)
}

/// The text of a preset.
pub(super) fn text(name: &str) -> Option<&'static str> {
    PRESETS.iter().find(|(preset, _)| *preset == name).map(|(_, text)| *text)
}
