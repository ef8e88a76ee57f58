//! What ends answer when they are asked.

use super::{Site, payload};
use crate::consumer::RecvError;

#[test]
fn a_lease_tells_how_many_messages_are_behind_it() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.attach("r");
    for number in 0..3 {
        tx.publish(&payload(number, 40)).unwrap();
    }
    for left in [2, 1, 0] {
        assert_eq!(rx.recv().unwrap().unwrap().behind(), left);
    }
}

#[test]
fn a_consumer_tells_the_longest_message_that_it_joins() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.consumer("r").max_message(500).build().unwrap();
    assert_eq!((tx.max_message(), rx.max_message()), (1 << 20, 500));
    tx.publish(&payload(0, 501)).unwrap();
    tx.publish(&payload(1, 500)).unwrap();
    assert_eq!(rx.recv().unwrap_err(), RecvError::TooLong { sequence: 0, len: 501, max: 500 });
    assert_eq!(rx.recv().unwrap().unwrap().len(), 500);
}
