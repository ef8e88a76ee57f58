//! The annotated type and its attributes, with their spans; invents nothing.

use syn::{Attribute, DeriveInput};

use super::repr::Repr;
use crate::diag::{Errors, nearest};
use crate::path::CratePath;

/// What the user wrote.
pub(crate) struct Ast<'a> {
    pub(crate) item: &'a DeriveInput,
    pub(crate) repr: Repr,
    pub(crate) krate: CratePath,
}

pub(crate) fn parse<'a>(item: &'a DeriveInput, errors: &mut Errors) -> Ast<'a> {
    let repr = Repr::parse(&item.attrs, errors);
    let krate = options(&item.attrs, errors);
    Ast { item, repr, krate }
}

/// `#[myelon(crate = path)]`.
fn options(attributes: &[Attribute], errors: &mut Errors) -> CratePath {
    let mut krate = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("myelon")) {
        let parsed = attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("crate") {
                let word = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
                return Err(meta.error(match nearest(&word, ["crate"]) {
                    Some(_) => format!("unknown option `{word}`; did you mean `crate = path::to::myelon`?"),
                    None => format!("unknown option `{word}`; the only one is `crate = path::to::myelon`"),
                }));
            }
            let path = CratePath::parse(meta.value()?)?;
            if krate.replace(path).is_some() {
                return Err(meta.error("option `crate` is given twice; remove one"));
            }
            Ok(())
        });
        if let Err(error) = parsed {
            errors.push(error);
        }
    }
    krate.unwrap_or_default()
}
