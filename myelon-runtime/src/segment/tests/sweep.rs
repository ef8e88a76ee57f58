use super::*;

/// Sweeps the directory as a `create` of another channel does.
fn sweep() {
    Tx::new(&Site::shm()).close();
}

#[test]
fn a_create_clears_away_what_nobody_can_go_on_with() {
    let dead = Site::shm();
    drop(Tx::new(&dead));
    let with_a_dead_reader = Site::shm();
    let tx = Tx::new(&with_a_dead_reader);
    drop(join(&with_a_dead_reader, "risk"));
    drop(tx);
    sweep();
    assert!(!dead.path().exists());
    assert!(!with_a_dead_reader.path().exists());
}

#[test]
fn a_create_leaves_alone_what_is_alive_held_or_not_understood() {
    let alive = Site::shm();
    let _tx = Tx::new(&alive);
    let read = Site::shm();
    let tx = Tx::new(&read);
    let _rx = join(&read, "risk");
    drop(tx);
    let kept = Site::shm();
    let tx = Tx::with(&held(&kept)).unwrap();
    drop(join(&kept, "risk"));
    drop(tx);
    let foreign = Site::shm();
    std::fs::write(foreign.path(), "valuable").unwrap();
    sweep();
    for site in [&alive, &read, &kept, &foreign] {
        assert!(site.path().exists(), "{}", site.location);
    }
}

#[test]
fn temporary_names_of_dead_creators_go_and_others_stay() {
    let site = Site::file();
    let dir = site.path().parent().unwrap().to_owned();
    let leftover = dir.join(".channel.tmp-1-2");
    let other = dir.join(".another.tmp-1-2");
    for path in [&leftover, &other] {
        std::fs::write(path, "half").unwrap();
        std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    }
    let _tx = Tx::new(&site);
    assert!(!leftover.exists());
    assert!(other.exists());
}
