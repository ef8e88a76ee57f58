//! Writing a new segment: complete before anybody can find it (P4), and fully reserved (P3).

use core::ptr::NonNull;
use std::io;
use std::os::fd::AsFd;

use super::contract::{Contract, schema_digest};
use super::create::CreateRequest;
use super::error::CreateError;
use super::geometry::{Geometry, MIN_STRIDE, Shape, ShapeError};
use super::header::Header;
use super::layout::encode;
use super::page::ProducerPage;
use crate::location::place::Place;
use crate::os::facts::FileFacts;
use crate::os::lock::probe_conflicts;
use crate::os::map::Map;
use crate::os::{fd, process};
use crate::sync::{AtomicU64, Ordering};

/// Everything about a new segment that does not depend on the file.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) geometry: Geometry,
    schema: Vec<u8>,
}

impl Plan {
    /// Checks what was asked for.
    pub(super) fn new(request: &CreateRequest) -> Result<Self, CreateError> {
        let Contract { schema, slot_stride, .. } = request.contract;
        if schema.align > MIN_STRIDE {
            return Err(CreateError::UnsupportedEvent { what: "is aligned to more than 4096 bytes" });
        }
        let bytes = encode(schema)
            .map_err(|_| CreateError::UnsupportedEvent { what: "has too many fields, or too many levels" })?;
        let shape = Shape {
            capacity: request.capacity,
            event_size: schema.size,
            slot_stride,
            max_consumers: request.max_consumers,
            schema_len: bytes.len() as u64,
            stride: MIN_STRIDE.max(fd::page_size() as u64),
        };
        if request.required.len() as u64 > u64::from(request.max_consumers) {
            let (required, max_consumers) = (request.required.len(), request.max_consumers);
            return Err(CreateError::TooManyRequired { required, max_consumers });
        }
        let geometry = Geometry::of(shape).map_err(|error| match error {
            ShapeError::Capacity => CreateError::InvalidCapacity {
                given: request.capacity,
                next: request
                    .capacity
                    .checked_next_power_of_two()
                    .filter(|next| *next <= super::geometry::MAX_CAPACITY),
            },
            ShapeError::Consumers => CreateError::InvalidMaxConsumers { given: request.max_consumers },
            ShapeError::Event | ShapeError::Stride | ShapeError::Schema => {
                CreateError::UnsupportedEvent { what: "does not fit its slot" }
            }
            ShapeError::Total => CreateError::TooLarge { capacity: request.capacity, slot_stride },
        })?;
        Ok(Self { geometry, schema: bytes })
    }

    /// Reserves the file and writes all of the segment. The caller holds its producer lock, and nobody can find
    /// it yet: it has no name, or, in memory without a name, no header.
    pub(super) fn write(
        &self,
        request: &CreateRequest,
        place: &Place,
        file: impl AsFd,
    ) -> Result<(), CreateError> {
        let location = || request.location.to_string();
        let os =
            |what| move |source| CreateError::Os { location: request.location.to_string(), what, source };
        if !place.is_anonymous() {
            let second = fd::reopen(file.as_fd(), true).map_err(os("open a second time"))?;
            if !probe_conflicts(&file, &second).unwrap_or(false) {
                return Err(CreateError::Unsupported { location: location(), what: "does not keep locks" });
            }
        }
        let before = FileFacts::of(&file).map_err(os("look at"))?;
        self.reserve(request, place, &file)?;
        crate::sync::point!("write: reserved");
        let facts = FileFacts::of(&file).map_err(os("look at"))?;
        let header = self.header(request, &facts).map_err(os("name the boot of"))?;

        let map = Map::read_write(&file, self.geometry.total as usize).map_err(os("map"))?;
        let blank = Blank(&map);
        if before.len != 0 {
            // Memory without a name, whose first creator died on the way.
            blank.zero();
        }
        blank.put(self.geometry.schema, &self.schema);
        crate::sync::point!("write: schema");
        if let Some(page) = blank.producer(&self.geometry) {
            page.begin();
            crate::sync::point!("write: open");
            page.announce(request.on_consumer_death.encode());
            crate::sync::point!("write: policy");
        }
        for (kind, digest) in request.contract.kinds() {
            if let Some(at) = self.geometry.kind(kind) {
                blank.put(at, &digest.to_ne_bytes());
            }
        }
        crate::sync::point!("write: kinds");
        let image = header.encode();
        let (magic, rest) = image.split_at(8);
        blank.put(8, rest);
        crate::sync::point!("write: header");
        if let Ok(magic) = magic.try_into() {
            blank.finish(u64::from_ne_bytes(magic));
        }
        crate::sync::point!("write: magic");
        drop(map);
        if place.is_anonymous() {
            // Nobody can shorten it under a peer; only what `memfd_create` made can be sealed.
            let _ = fd::seal_length(&file);
        } else {
            // Else a disk may know the name and not yet the header after a power failure: a file of zeroes, which
            // nobody would dare to replace.
            fd::settle(&file).map_err(os("write"))?;
        }
        Ok(())
    }

    fn reserve(&self, request: &CreateRequest, place: &Place, file: impl AsFd) -> Result<(), CreateError> {
        let needed = self.geometry.total;
        let location = || request.location.to_string();
        fd::fallocate(file, needed).map_err(|source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => CreateError::NoSpace {
                location: location(),
                needed,
                free: place.space().ok().flatten().map(|space| space.free),
                shared_memory: place.is_shm(),
            },
            io::ErrorKind::Unsupported => {
                CreateError::Unsupported { location: location(), what: "cannot reserve room" }
            }
            io::ErrorKind::FileTooLarge => CreateError::TooLarge {
                capacity: request.capacity,
                slot_stride: request.contract.slot_stride,
            },
            _ => CreateError::Os { location: location(), what: "reserve memory for", source },
        })
    }

    fn header(&self, request: &CreateRequest, facts: &FileFacts) -> io::Result<Header> {
        let pid = process::pid();
        Ok(Header {
            kind: request.contract.kind,
            discipline: request.contract.discipline,
            geometry: self.geometry,
            fingerprint: request.contract.fingerprint.0,
            schema_digest: schema_digest(&self.schema),
            version: request.contract.version,
            boot_id: process::boot_id()?,
            dev: facts.dev,
            ino: facts.ino,
            creator_pid: pid.into(),
            creator_start: process::start_time(pid).unwrap_or(0),
            created_at: process::realtime_ns(),
            channel: request.channel.to_owned(),
            place: request.location.to_string(),
        })
    }
}

/// A writable mapping of a segment that nobody else can find.
struct Blank<'a>(&'a Map);

impl Blank<'_> {
    /// `None` unless `len` bytes from `offset` on lie inside the mapping.
    fn at(&self, offset: u64, len: usize) -> Option<NonNull<u8>> {
        let end = usize::try_from(offset).ok()?.checked_add(len)?;
        if end > self.0.len() {
            return None;
        }
        // SAFETY: `offset <= end <= len`, inside the mapping or one past its end.
        Some(unsafe { self.0.base().add(offset as usize) })
    }

    fn put(&self, offset: u64, bytes: &[u8]) {
        let Some(to) = self.at(offset, bytes.len()) else { return };
        // SAFETY: inside a mapping that allows stores, which nobody else has mapped: the file has no name, or no
        // header by which others would map it. Private memory does not overlap it.
        unsafe { to.copy_from_nonoverlapping(NonNull::from(bytes).cast(), bytes.len()) };
    }

    fn zero(&self) {
        // SAFETY: the whole mapping, which allows stores and which nobody else has mapped.
        unsafe { self.0.base().write_bytes(0, self.0.len()) };
    }

    fn producer(&self, geometry: &Geometry) -> Option<&ProducerPage> {
        let at = self.at(geometry.producer, size_of::<ProducerPage>())?;
        // SAFETY: inside the mapping, which lives as long as `self`; at a multiple of 4096; atomics only (S3).
        Some(unsafe { at.cast().as_ref() })
    }

    /// Makes it a segment: from here on, who finds it reads a whole header.
    fn finish(&self, magic: u64) {
        // SAFETY: the first word of a mapping of at least a page, which begins at a page; an atomic.
        let word = unsafe { self.0.base().cast::<AtomicU64>().as_ref() };
        word.store(magic, Ordering::Release);
    }
}
