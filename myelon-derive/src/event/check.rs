//! The rules that syntax can decide. Each `check_*` reports all it finds; none stops another.

use syn::{Attribute, Data, DataEnum, Fields, GenericParam};

use super::parse::Ast;
use super::repr::Kind;
use crate::diag::Errors;
use crate::types;

pub(crate) fn check(ast: &Ast<'_>, errors: &mut Errors) {
    check_generics(ast, errors);
    check_helper_attributes(ast, errors);
    match &ast.item.data {
        Data::Struct(data) => {
            check_struct_repr(ast, errors);
            check_struct_fields(ast, &data.fields, errors);
        }
        Data::Enum(data) => check_enum(ast, data, errors),
        Data::Union(data) => errors.on(
            data.union_token,
            "a union cannot be a ring event: nothing says which of its fields is valid; write a `#[repr(C)]` struct \
             with a tag field",
        ),
    }
}

fn check_generics(ast: &Ast<'_>, errors: &mut Errors) {
    for param in &ast.item.generics.params {
        match param {
            GenericParam::Const(_) => {}
            GenericParam::Type(param) => errors.on(
                &param.ident,
                format!(
                    "a ring event cannot have the type parameter `{}`: its layout could not be proved; write one \
                     struct for each type (const parameters are allowed)",
                    param.ident
                ),
            ),
            GenericParam::Lifetime(param) => errors.on(
                &param.lifetime,
                format!(
                    "a ring event cannot borrow: an address means nothing in another process; remove `{}`",
                    param.lifetime
                ),
            ),
        }
    }
    if let (Data::Enum(_), Some(GenericParam::Const(param))) =
        (&ast.item.data, ast.item.generics.params.first())
    {
        errors.on(&param.ident, "a ring event enum has no fields, so it needs no parameters; remove them");
    }
}

/// `#[myelon(..)]` belongs to the type.
fn check_helper_attributes(ast: &Ast<'_>, errors: &mut Errors) {
    let mut check = |attributes: &[Attribute]| {
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("myelon")) {
            errors.on(
                attribute,
                "`#[myelon(..)]` belongs to the type, not to its fields or variants; move it there",
            );
        }
    };
    match &ast.item.data {
        Data::Struct(data) => data.fields.iter().for_each(|field| check(&field.attrs)),
        Data::Enum(data) => {
            for variant in &data.variants {
                check(&variant.attrs);
                variant.fields.iter().for_each(|field| check(&field.attrs));
            }
        }
        Data::Union(_) => {}
    }
}

fn check_struct_repr(ast: &Ast<'_>, errors: &mut Errors) {
    let ident = &ast.item.ident;
    for word in &ast.repr.0 {
        match word.kind {
            Kind::C | Kind::Transparent | Kind::Align => {}
            Kind::Packed => errors.at(
                word.span,
                "`packed` fields cannot be borrowed where they lie; remove it, and declare padding as fields: `_pad: \
                 [u8; N]`",
            ),
            Kind::Integer(_) => errors.at(
                word.span,
                format!("`repr({})` is for enums; a ring event that is a struct needs `#[repr(C)]`", word.text),
            ),
            Kind::Other => {
                errors.at(word.span, format!("`repr({})` does not fix the layout; write `#[repr(C)]`", word.text));
            }
        }
    }
    let told = ast.repr.0.iter().any(|word| matches!(word.kind, Kind::Integer(_) | Kind::Other));
    if !told && !ast.repr.has(Kind::C) && !ast.repr.has(Kind::Transparent) {
        errors.at(
            ident.span(),
            format!("ring event `{ident}` needs a layout that is the same in every build: add `#[repr(C)]`"),
        );
    }
}

fn check_struct_fields(ast: &Ast<'_>, fields: &Fields, errors: &mut Errors) {
    if fields.is_empty() {
        let ident = &ast.item.ident;
        errors.at(
            ident.span(),
            format!("ring event `{ident}` has no bytes; give it a field of at least one byte, for example `_unused: u8`"),
        );
    }
    if ast.repr.has(Kind::Transparent) {
        for field in fields.iter().skip(1) {
            errors.on(field, "a transparent ring event has one field; write `#[repr(C)]` for several");
        }
    }
    for field in fields {
        if let Some(refusal) = types::refusal(&field.ty, types::LATER) {
            errors.on(refusal.tokens, refusal.text);
        }
        if let Some((_, value)) = &field.default {
            errors.on(
                value,
                "a ring event has one default, `BLANK`, made of those of its fields; remove this value",
            );
        }
    }
}

fn check_enum(ast: &Ast<'_>, data: &DataEnum, errors: &mut Errors) {
    let ident = &ast.item.ident;
    for word in &ast.repr.0 {
        match word.kind {
            Kind::Integer(_) => {}
            Kind::Align => errors.at(word.span, "`align` would pad the enum; align the struct that holds it instead"),
            _ => errors.at(
                word.span,
                format!(
                    "`repr({})` does not fix the size of an enum everywhere; write `#[repr(u8)]` (or another of `u16`, \
                     `u32`, `u64`, `i8` to `i64`)",
                    word.text
                ),
            ),
        }
    }
    if ast.repr.0.iter().all(|word| word.kind == Kind::Align) {
        errors.at(
            ident.span(),
            format!("ring event `{ident}` needs a layout that is the same in every build: add `#[repr(u8)]`"),
        );
    }
    if data.variants.is_empty() {
        errors.at(
            ident.span(),
            format!("ring event `{ident}` has no value: an enum needs at least one variant"),
        );
    }
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            let text = if variant.fields.is_empty() {
                format!("write `{}` without brackets: variants of a ring event hold no data", variant.ident)
            } else {
                format!(
                    "variant `{}` holds data, so its enum cannot be a ring event; write a `#[repr(C)]` struct with a \
                     field-less enum as its tag",
                    variant.ident
                )
            };
            errors.on(&variant.fields, text);
        }
    }
}
