//! The sources of the runtime, for tests that read them.

use std::fs;
use std::path::{Path, PathBuf};

/// One file.
#[derive(Debug)]
pub struct Source {
    /// Relative to `src/`.
    pub path: String,
    /// As it is.
    pub text: String,
    /// Without comments, and without what is compiled for unit tests only.
    pub code: String,
}

impl Source {
    /// The module of the crate that it belongs to.
    pub fn module(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap()
    }
}

fn runtime() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../myelon-runtime/src")
}

/// All of them, but for tests.
pub fn sources() -> Vec<Source> {
    fn walk(directory: &Path, root: &Path, found: &mut Vec<Source>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                walk(&path, root, found);
            } else if path.extension().is_some_and(|kind| kind == "rs") && !name.contains("test") {
                let path_text = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                if !path_text.contains("/tests/") {
                    let text = fs::read_to_string(&path).unwrap();
                    found.push(Source { path: path_text, code: code_of(&text), text });
                }
            }
        }
    }
    let mut found = Vec::new();
    walk(&runtime(), &runtime(), &mut found);
    assert!(found.len() > 40, "{} files", found.len());
    found
}

/// The code of a file: no comments, no text in quotes, and nothing from its unit tests on.
pub fn code_of(text: &str) -> String {
    let mut code = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        // By convention an inner module of tests stands at the end of its file.
        if line.starts_with("#[cfg(")
            && line.contains("test")
            && lines.peek().is_some_and(|next| next.contains('{'))
        {
            break;
        }
        let line = line.split("//").next().unwrap();
        for (index, part) in line.split('"').enumerate() {
            if index % 2 == 0 {
                code.push_str(part);
            }
        }
        code.push('\n');
    }
    code
}
