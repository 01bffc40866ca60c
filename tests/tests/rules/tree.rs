//! Reads the project's own files; what builds and package managers leave there is left out.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold no source, whatever their depth.
const NOT_SOURCE: &[&str] = &[".fettle", ".git", "dist", "node_modules", "target"];

/// One text file of the project.
pub(crate) struct Source {
    /// Path from the top of the clone, with `/` between its parts.
    pub(crate) path: String,
    /// What it says.
    pub(crate) text: String,
}

impl Source {
    /// Whether the name ends so.
    pub(crate) fn is(&self, ending: &str) -> bool {
        self.path.ends_with(ending)
    }

    /// Lines that break a rule, as `path:line: text`.
    pub(crate) fn lines_where(&self, breaks: impl Fn(&str) -> bool) -> Vec<String> {
        let numbered = self.text.lines().zip(1..);
        numbered
            .filter(|(line, _)| breaks(line))
            .map(|(line, number)| format!("{}:{number}: {}", self.path, line.trim()))
            .collect()
    }
}

/// Top of the clone.
pub(crate) fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}

/// Every text file of the project.
pub(crate) fn sources() -> Vec<Source> {
    let top = top();
    let mut found = Vec::new();
    collect(&top, &top, &mut found);
    assert!(found.len() > 50, "the walk found too little to judge");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(top: &Path, folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let path = entry.path();
        if entry.file_type().unwrap().is_dir() {
            if !NOT_SOURCE.iter().any(|folder| name == *folder) {
                collect(top, &path, found);
            }
        } else if let Ok(text) = fs::read_to_string(&path) {
            let path = path.strip_prefix(top).unwrap().to_str().unwrap();
            found.push(Source {
                path: path.replace('\\', "/"),
                text,
            });
        }
    }
}

/// Fails with everything that breaks a rule.
pub(crate) fn none(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}
