//! What can be said of a type by its words alone: which can never be plain data, and what to write instead.
//!
//! Only names that nobody gives to an own plain type are refused here. Everything else is left to the
//! compiler, which knows what a name means.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, PathSegment, Type, TypePath};

/// Why a type is no event, and where.
pub(crate) struct Refusal {
    /// The words to underline.
    pub(crate) tokens: TokenStream,
    pub(crate) text: String,
    /// Whether a type that holds it may be `Copy` all the same.
    pub(crate) is_copy: bool,
}

/// What carries data of variable length, as the end of a sentence.
pub(crate) const LATER: &str = "data of variable length travels in channels of messages: bytes, `struct Log([u8]);`, \
                                or any type with `codec = postcard` or `zero_copy = rkyv`";

impl Refusal {
    pub(crate) fn of(tokens: impl ToTokens, text: String) -> Self {
        Self { tokens: tokens.into_token_stream(), text, is_copy: true }
    }
}

/// Finds what can never be an event. `otherwise` ends the sentence on data of variable length: what carries that.
pub(crate) fn refusal(ty: &Type, otherwise: &str) -> Option<Refusal> {
    let refuse = |text: String| Some(Refusal::of(ty, text));
    match ty {
        Type::Array(array) => refusal(&array.elem, otherwise),
        Type::Group(group) => refusal(&group.elem, otherwise),
        Type::Paren(paren) => refusal(&paren.elem, otherwise),
        Type::Reference(_) => refuse(format!(
            "a reference is an address, which means nothing in another process; write the value itself; {otherwise}"
        )),
        Type::Ptr(_) | Type::FnPtr(_) => refuse(
            "a pointer is an address, which means nothing in another process; send an index or an offset, `u32` or \
             `u64`"
                .to_owned(),
        ),
        Type::Slice(_) => {
            refuse(format!("a slice has no fixed size; write an array of fixed length, `[u8; 64]`; {otherwise}"))
        }
        Type::Tuple(tuple) if tuple.elems.is_empty() => refuse("`()` has no bytes".to_owned()),
        Type::Tuple(_) => refuse(
            "a tuple has no fixed layout; write a struct with `#[derive(RingEvent, Clone, Copy)]` and `#[repr(C)]`"
                .to_owned(),
        ),
        Type::TraitObject(_) | Type::ImplTrait(_) => {
            refuse(format!("a trait object has no fixed size; write a concrete plain type; {otherwise}"))
        }
        Type::Path(path) => by_name(path, otherwise),
        _ => None,
    }
}

fn by_name(path: &TypePath, otherwise: &str) -> Option<Refusal> {
    let last = path.path.segments.last()?;
    let name = last.ident.to_string();
    let refusal = |text: String, is_copy| Some(Refusal { tokens: path.to_token_stream(), text, is_copy });
    let (refuse, refuse_owner) = (|text| refusal(text, true), |text| refusal(text, false));
    match (name.as_str(), arguments(last).len()) {
        ("usize", 0) => refuse("`usize` has another size in 32-bit processes; use `u32` or `u64`".to_owned()),
        ("isize", 0) => refuse("`isize` has another size in 32-bit processes; use `i32` or `i64`".to_owned()),
        ("str", 0) => {
            refuse(format!("`str` has no fixed size; write `[u8; 64]` for a short text; {otherwise}"))
        }
        ("String" | "PathBuf" | "OsString" | "CString", 0)
        | ("Vec" | "VecDeque" | "Box" | "Rc" | "Arc" | "HashSet" | "BTreeSet", 1)
        | ("HashMap" | "BTreeMap", 2)
        | ("Cow", 1 | 2) => {
            let instead = if matches!(name.as_str(), "Box" | "Rc" | "Arc") {
                "write the value itself"
            } else {
                "write an array of fixed length, `[u8; 64]`"
            };
            refuse_owner(format!("`{name}` points to memory of this process only; {instead}; {otherwise}"))
        }
        ("Cell" | "RefCell" | "UnsafeCell" | "OnceCell" | "Mutex" | "RwLock", 1) => refuse_owner(format!(
            "`{name}` can be changed through a shared reference, and consumers only read; write the plain value"
        )),
        (atomic, 0) if ATOMICS.contains(&atomic) => refuse_owner(format!(
            "`{name}` can be changed through a shared reference, and consumers only read; write the plain integer"
        )),
        ("Option", 1) => arguments(last).into_iter().find_map(|argument| match argument {
            GenericArgument::Type(ty) => self::refusal(ty, otherwise),
            _ => None,
        }),
        _ => None,
    }
}

const ATOMICS: [&str; 12] = [
    "AtomicBool",
    "AtomicU8",
    "AtomicU16",
    "AtomicU32",
    "AtomicU64",
    "AtomicUsize",
    "AtomicI8",
    "AtomicI16",
    "AtomicI32",
    "AtomicI64",
    "AtomicIsize",
    "AtomicPtr",
];

fn arguments(segment: &PathSegment) -> Vec<&GenericArgument> {
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().collect(),
        _ => Vec::new(),
    }
}
