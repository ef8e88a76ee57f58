//! A layout in lines that people can read and that can be compared one by one.

use core::fmt::{self, Write as _};

use super::{OwnedKind, OwnedLane, OwnedSchema};

/// How many variants of an enum are named in a line.
const SHOWN_VARIANTS: usize = 16;

impl OwnedSchema {
    /// The type as it is written in Rust, as far as a line goes.
    fn type_name(&self) -> String {
        match &self.kind {
            OwnedKind::Primitive(primitive) => primitive.name().to_owned(),
            OwnedKind::Array { len, element } => format!("[{}; {len}]", element.type_name()),
            OwnedKind::Struct(_) | OwnedKind::Lanes(_) => self.name.clone(),
            OwnedKind::Enum { repr, variants } => {
                let mut text = format!("{} as {repr} {{", self.name);
                for (index, variant) in variants.iter().take(SHOWN_VARIANTS).enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    // Writing to a string cannot fail.
                    let _ = write!(text, "{comma} {} = {}", variant.name, variant.discriminant);
                }
                if variants.len() > SHOWN_VARIANTS {
                    let _ = write!(text, ", and {} more", variants.len() - SHOWN_VARIANTS);
                }
                text.push_str(" }");
                text
            }
        }
    }

    /// The layout in lines: the type itself, then its fields.
    pub(super) fn lines(&self) -> Vec<String> {
        if matches!(self.kind, OwnedKind::Lanes(_)) {
            let mut lines = vec![self.type_name()];
            self.fields(&mut lines, 0, 0);
            return lines;
        }
        let mut lines = vec![format!("{}: {} bytes, aligned to {}", self.type_name(), self.size, self.align)];
        self.fields(&mut lines, 0, 0);
        lines
    }

    /// The fields, `base` bytes from the start of the event. Of an array, those of the first element.
    fn fields(&self, lines: &mut Vec<String>, base: u64, depth: usize) {
        match &self.kind {
            OwnedKind::Primitive(_) | OwnedKind::Enum { .. } => {}
            OwnedKind::Lanes(kinds) => lines.extend(kinds.iter().flat_map(OwnedLane::lines)),
            OwnedKind::Array { element, .. } => element.fields(lines, base, depth),
            OwnedKind::Struct(fields) => {
                for field in fields {
                    let offset = base.saturating_add(field.offset);
                    let schema = &field.schema;
                    let indent = depth * 2;
                    lines.push(format!(
                        "{offset:>6} {:>6}  {:indent$}{}: {}",
                        schema.size,
                        "",
                        field.name,
                        schema.type_name()
                    ));
                    schema.fields(lines, offset, depth + 1);
                }
            }
        }
    }
}

impl OwnedLane {
    /// The kind itself, then the layout of its payload if that is known. Each line names the kind, so that no two are the
    /// same.
    fn lines(&self) -> Vec<String> {
        let Self { name, kind, codec, built_in, format, payload, layout } = self;
        let whose = if *built_in { "" } else { "the program's " };
        let mut lines =
            vec![format!("kind {kind:>3}  {name}: {payload} as {whose}{codec}, format {format:#x}")];
        if let Some(layout) = layout {
            lines.extend(layout.lines().iter().map(|line| format!("kind {kind:>3}    {line}")));
        }
        lines
    }
}

impl fmt::Display for OwnedSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, line) in self.lines().iter().enumerate() {
            let newline = if index == 0 { "" } else { "\n" };
            write!(f, "{newline}{line}")?;
        }
        Ok(())
    }
}
