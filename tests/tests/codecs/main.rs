//! Every format both ways: what comes back is what was written, whatever else is read is refused without a panic.

mod bincode;
mod channels;
mod owned;
mod postcard;
mod rkyv;
mod values;
