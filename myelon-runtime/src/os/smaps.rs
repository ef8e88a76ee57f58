//! What `/proc/self/smaps` says about huge pages: the only honest evidence of them.

use core::ops::Range;

/// The lines that count memory mapped by huge pages.
const HUGE: [&str; 5] =
    ["AnonHugePages", "ShmemPmdMapped", "FilePmdMapped", "Shared_Hugetlb", "Private_Hugetlb"];

/// Bytes mapped by huge pages in all mappings that overlap the range of addresses; `None` if it is not told.
pub(super) fn huge_bytes(addresses: Range<usize>) -> Option<u64> {
    huge_bytes_in(&std::fs::read_to_string("/proc/self/smaps").ok()?, &addresses)
}

fn huge_bytes_in(smaps: &str, addresses: &Range<usize>) -> Option<u64> {
    let mut inside = false;
    let mut told = None;
    for line in smaps.lines() {
        if let Some(mapping) = header(line) {
            inside = mapping.start < addresses.end && addresses.start < mapping.end;
        } else if inside {
            told = match line.split_once(':') {
                Some((key, value)) if HUGE.contains(&key) => {
                    let kilobytes: u64 = value.trim().strip_suffix(" kB")?.parse().ok()?;
                    Some(told.unwrap_or(0) + kilobytes * 1024)
                }
                _ => told,
            };
        }
    }
    told
}

/// The addresses in the first line of a mapping, such as `7f00-7f10 rw-s 00000000 00:01 12 /dev/shm/x`.
fn header(line: &str) -> Option<Range<usize>> {
    let (range, _) = line.split_once(' ')?;
    let (start, end) = range.split_once('-')?;
    Some(usize::from_str_radix(start, 16).ok()?..usize::from_str_radix(end, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::huge_bytes_in;

    const SMAPS: &str = "\
7f0000000000-7f0000400000 rw-s 00000000 00:01 12 /memfd:a (deleted)
Size:               4096 kB
AnonHugePages:         0 kB
ShmemPmdMapped:     2048 kB
FilePmdMapped:         0 kB
VmFlags: rd wr sh
7f0000400000-7f0000600000 rw-s 00000000 00:01 13 /memfd:b (deleted)
ShmemPmdMapped:     1024 kB
";

    #[test]
    fn only_mappings_that_overlap_are_counted() {
        assert_eq!(huge_bytes_in(SMAPS, &(0x7f00_0000_0000..0x7f00_0000_1000)), Some(2048 << 10));
        assert_eq!(huge_bytes_in(SMAPS, &(0x7f00_003f_f000..0x7f00_0040_1000)), Some(3072 << 10));
        assert_eq!(huge_bytes_in(SMAPS, &(0x7f00_0060_0000..0x7f00_0070_0000)), None);
        assert_eq!(huge_bytes_in("", &(0..usize::MAX)), None);
    }
}
