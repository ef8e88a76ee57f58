use proptest::prelude::*;

use super::*;

pub(crate) const SHAPE: Shape = Shape {
    capacity: 1024,
    event_size: 24,
    slot_stride: 32,
    max_consumers: 16,
    schema_len: 300,
    stride: 4096,
};

pub(crate) fn header() -> Header {
    Header {
        kind: RAW,
        discipline: 2,
        geometry: Geometry::of(SHAPE).unwrap(),
        fingerprint: u128::MAX / 3,
        schema_digest: 17,
        version: 1,
        boot_id: 5 << 100,
        dev: 3,
        ino: 4,
        creator_pid: 77,
        creator_start: 78,
        created_at: 79,
        channel: "Ticks".to_owned(),
        place: "ticks".to_owned(),
    }
}

fn decode(image: &[u8]) -> Result<Header, HeaderError> {
    Header::decode(image, header().geometry.total)
}

/// Puts a right checksum over whatever was changed.
fn sealed(mut image: Box<Image>) -> Box<Image> {
    let sum = checksum(&image);
    image[CHECKSUM_AT..].copy_from_slice(&sum.to_ne_bytes());
    image
}

#[test]
fn a_header_survives_the_segment() {
    assert_eq!(decode(&*header().encode()).unwrap(), header());
}

/// Peers of other builds read these bytes: whatever changes them is another format version.
#[cfg(target_endian = "little")]
#[test]
fn the_bytes_of_a_header_stay_as_they_are() {
    let image = header().encode();
    assert_eq!(&image[..16], b"\x89myelon\n\x04\x03\x02\x01\x03\0\0\0");
    assert_eq!(checksum(&image), 0xe540_32c7_9eed_84af_d106_a92c_8c43_773b);
}

#[test]
fn long_names_are_cut_where_a_character_begins() {
    let long = Header { channel: "ö".repeat(40), place: "ä".repeat(200), ..header() };
    let read = decode(&*long.encode()).unwrap();
    assert_eq!((read.channel, read.place), ("ö".repeat(32), "ä".repeat(128)));
}

#[test]
fn each_way_not_to_be_a_segment_has_its_error() {
    let image = header().encode();
    assert_eq!(decode(b""), Err(HeaderError::NotASegment));
    assert_eq!(decode(b"#!/bin/sh\necho hello\n"), Err(HeaderError::NotASegment));
    assert_eq!(
        Header::decode(&image[..100], 100),
        Err(HeaderError::Truncated { found: 100, needed: HEADER_LEN as u64 })
    );
    let needed = header().geometry.total;
    assert_eq!(
        Header::decode(&*image, needed - 1),
        Err(HeaderError::Truncated { found: needed - 1, needed })
    );
    let mut swapped = image.clone();
    swapped[8..12].reverse();
    assert_eq!(decode(&*swapped), Err(HeaderError::OtherByteOrder));
    let mut newer = image.clone();
    newer[12..16].copy_from_slice(&9_u32.to_ne_bytes());
    assert_eq!(decode(&*newer), Err(HeaderError::OtherFormat { found: 9, supported: FORMAT }));
    let mut damaged = image.clone();
    damaged[200] ^= 1;
    assert_eq!(decode(&*damaged), Err(HeaderError::Corrupt { what: "its checksum does not fit" }));
}

#[test]
fn a_header_of_another_file_or_another_boot_is_told_apart() {
    let facts = FileFacts {
        dev: 3,
        ino: 4,
        nlink: 1,
        uid: 0,
        mode: 0o600,
        len: 0,
        block: 4096,
        kind: crate::os::FileKind::Regular,
    };
    assert!(header().belongs_to(&facts, 5 << 100));
    assert!(!header().belongs_to(&facts, 6 << 100));
    assert!(!header().belongs_to(&FileFacts { ino: 5, ..facts }, 5 << 100));
    assert!(!header().belongs_to(&FileFacts { dev: 4, ..facts }, 5 << 100));
}

proptest! {
    #[test]
    fn any_changed_bit_is_a_typed_error(at in 0..HEADER_LEN, bit in 0_u32..8) {
        let mut image = header().encode();
        image[at] ^= 1 << bit;
        prop_assert!(decode(&*image).is_err());
    }

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..5000), len in any::<u64>()) {
        prop_assert!(Header::decode(&bytes, len).is_err());
    }

    /// As a buggy or hostile peer would write it: all checks but the checksum must hold on their own.
    #[test]
    fn a_changed_header_with_a_right_checksum_gives_an_error_or_a_sound_geometry(
        at in 16..1000_usize, to in any::<[u8; 8]>(),
    ) {
        let mut image = header().encode();
        image[at..at + 8].copy_from_slice(&to);
        if let Ok(read) = decode(&*sealed(image)) {
            prop_assert_eq!(Geometry::of(read.geometry.shape), Ok(read.geometry));
            prop_assert!(read.geometry.total <= header().geometry.total);
        }
    }
}
