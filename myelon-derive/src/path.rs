//! Where the expansion finds the runtime: `::myelon`, unless `crate = path` says otherwise.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::ParseStream;
use syn::{LitStr, Path};

/// The path of the crate `myelon` at the place of use.
#[derive(Clone, Default)]
pub(crate) struct CratePath(Option<Path>);

impl CratePath {
    /// Parses what follows `crate =`.
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            let text: LitStr = input.parse()?;
            let error = format!("write the path without quotes: `crate = {}`", text.value());
            return Err(syn::Error::new(text.span(), error));
        }
        if input.is_empty() {
            return Err(
                input.error("`crate` needs the path of the crate myelon: `crate = my::path::to::myelon`")
            );
        }
        input.call(Path::parse_mod_style).map(|path| Self(Some(path)))
    }

    /// The module of everything that expansions name.
    pub(crate) fn private(&self) -> TokenStream {
        self.0.as_ref().map_or_else(|| quote!(::myelon::__private), |path| quote!(#path::__private))
    }
}
