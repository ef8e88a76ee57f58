//! Why a location cannot be used.

use core::fmt;
use std::error::Error;
use std::io;
use std::path::PathBuf;

use super::FileKind;

/// Why a location is not one, or leads to nothing that can be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum LocationError {
    /// The name has no characters.
    NameEmpty,
    /// The name looks like a path.
    NameHasSlash {
        /// The name.
        name: String,
    },
    /// The name holds a NUL character.
    NameHasNul {
        /// The name.
        name: String,
    },
    /// The name begins like the text of another kind of location.
    NameReserved {
        /// The name.
        name: String,
        /// What it begins with.
        prefix: &'static str,
    },
    /// Text that begins with `fd:` names no descriptor that this process has.
    BadDescriptor {
        /// The text.
        text: String,
        /// What the system says; `None` if the text holds no number.
        source: Option<io::Error>,
    },
    /// There is nothing of that name. Its creator may not have started; retrying is reasonable.
    NotFound {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file is there and this user may not open it.
    PermissionDenied {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A directory has that name.
    IsADirectory {
        /// The directory.
        path: PathBuf,
    },
    /// A symbolic link has that name. None is ever followed: somebody else could have put it there.
    SymbolicLink {
        /// The link.
        path: PathBuf,
    },
    /// Something else that is no file has that name.
    NotARegularFile {
        /// Where.
        path: PathBuf,
        /// What it is.
        kind: FileKind,
    },
    /// The file belongs to another user.
    WrongOwner {
        /// The file.
        path: PathBuf,
        /// The user id of its owner.
        found: u32,
        /// The effective user id of this process.
        expected: u32,
    },
    /// Others than its owner may use the file.
    WrongMode {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file has several names, so that it could be replaced under one and live on under another.
    ManyLinks {
        /// The file, under one of its names.
        path: PathBuf,
        /// How many it has.
        links: u64,
    },
    /// The directory of the channel cannot be used.
    Directory {
        /// The directory.
        path: PathBuf,
        /// What is wrong with it.
        problem: DirectoryProblem,
    },
    /// The operating system refused; see `source`.
    Os {
        /// What was tried, such as "open".
        what: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// What is wrong with the directory of a channel.
#[derive(Debug)]
#[non_exhaustive]
pub enum DirectoryProblem {
    /// It does not exist, and is not one that is made on demand.
    Missing,
    /// It is a symbolic link.
    SymbolicLink,
    /// It is not a directory.
    NotADirectory,
    /// It belongs to another user.
    WrongOwner {
        /// The user id of its owner.
        found: u32,
        /// The effective user id of this process.
        expected: u32,
    },
    /// Others than its owner may use it, or its owner may not.
    WrongMode {
        /// Its permission bits.
        mode: u32,
    },
    /// The operating system refused.
    Os(io::Error),
}

impl fmt::Display for LocationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NameEmpty => f.write_str("a channel's name may not be empty; give it any text without `/`"),
            Self::NameHasSlash { name } => write!(
                f,
                "`{name}` has a `/`, which no name in shared memory may have; for a path, use \
                 `Location::file({name:?})` or write `file:{name}`"
            ),
            Self::NameHasNul { name } => write!(f, "the name {name:?} has a NUL character; leave it out"),
            Self::NameReserved { name, prefix: "file:" } => write!(
                f,
                "the name `{name}` begins with `file:`, which stands for a path; use `Location::file` for a path, \
                 or another name"
            ),
            Self::NameReserved { name, prefix } => {
                write!(
                    f,
                    "the name `{name}` begins with `{prefix}`, which stands for a descriptor; use another name"
                )
            }
            Self::BadDescriptor { text, source: None } => {
                write!(f, "`{text}` is not `fd:` and the number of a descriptor, such as `fd:7`")
            }
            Self::BadDescriptor { text, source: Some(source) } => write!(
                f,
                "`{text}` is no descriptor of a channel in this process ({source}); the parent process hands one \
                 over with `Location::to_inheritable`, and keeps that value until the child runs"
            ),
            Self::NotFound { path } => {
                write!(
                    f,
                    "{} does not exist; the producer creates it, or the name is misspelt",
                    path.display()
                )
            }
            Self::PermissionDenied { path, source } => write!(
                f,
                "{} may not be opened by this user ({source}); run both ends as the same user",
                path.display()
            ),
            Self::IsADirectory { path } => {
                write!(f, "{} is a directory; name a file in it", path.display())
            }
            Self::SymbolicLink { path } => write!(
                f,
                "{} is a symbolic link, and none is followed; name the file that it leads to, or remove the link",
                path.display()
            ),
            Self::NotARegularFile { path, kind } => {
                write!(f, "{} is {kind}, not a regular file; use another path", path.display())
            }
            Self::WrongOwner { path, found, expected } => write!(
                f,
                "{} belongs to user {found}, and this process runs as user {expected}; run both ends as the same \
                 user, or use another name",
                path.display()
            ),
            Self::WrongMode { path, mode } => write!(
                f,
                "{path} has mode {mode:04o}, so that others than its owner may use it; `chmod 600 {path}` if it is \
                 a channel of yours, else use another path",
                path = path.display()
            ),
            Self::ManyLinks { path, links } => write!(
                f,
                "{} is one of {links} names of the same file; remove the others, or use another path",
                path.display()
            ),
            Self::Directory { path, problem } => {
                let path = path.display();
                write!(f, "the directory {path} {problem}")
            }
            Self::Os { what, path, source } => write!(f, "cannot {what} {}: {source}", path.display()),
        }
    }
}

impl fmt::Display for DirectoryProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("does not exist; make it first, or use another path"),
            Self::SymbolicLink => {
                f.write_str("is a symbolic link, which somebody else may control; remove it")
            }
            Self::NotADirectory => f.write_str("is not a directory; remove it, or use another path"),
            Self::WrongOwner { found, expected } => write!(
                f,
                "belongs to user {found}, and this process runs as user {expected}; have that user or the \
                 administrator remove it, or use `Location::file`"
            ),
            Self::WrongMode { mode } => write!(
                f,
                "has mode {mode:04o} where 0700 is needed, so that others cannot put anything there; use `chmod 700` \
                 if you know who changed it, else remove it"
            ),
            Self::Os(source) => write!(f, "cannot be used: {source}"),
        }
    }
}

impl Error for LocationError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::PermissionDenied { source, .. }
            | Self::Os { source, .. }
            | Self::BadDescriptor { source: Some(source), .. }
            | Self::Directory { problem: DirectoryProblem::Os(source), .. } => Some(source),
            _ => None,
        }
    }
}
