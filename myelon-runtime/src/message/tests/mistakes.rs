//! What the random sequences found, each in its smallest form.

use super::{Site, payload};

#[test]
fn a_message_that_is_published_without_a_kind_has_kind_0() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.attach("r");
    tx.publish(b"one").unwrap();
    tx.publish_slice(&[*b"two"]).unwrap();
    tx.publish_batch(1, |_| *b"three").unwrap();
    tx.publish(&payload(3, 300)).unwrap();
    tx.publish_with(1, |to| to.fill(4)).unwrap();
    tx.claim(1).unwrap().commit(1).unwrap();
    assert_eq!(rx.drain(|_, meta| assert_eq!(meta.kind, 0)).unwrap(), 3);
    for _ in 3..6 {
        assert_eq!(rx.recv().unwrap().unwrap().meta().kind, 0);
    }
}
