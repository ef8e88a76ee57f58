//! Crash points stand between every two steps of a function that other processes see, and each has one name in one place.
//! Read from the sources, so in every build; what becomes of a process that is struck there is for the crash matrix.

use std::collections::{BTreeMap, BTreeSet};

use myelon_tests::points::POINTS;
use myelon_tests::sources::{Source, code_of, sources};

/// What other processes see: stores to shared memory, locks, names, wake-ups; and calls of what does such things.
const STEPS: &[&str] = &[
    // Words, slots, records.
    ".store(",
    ".compare_exchange(",
    ".fetch_or(",
    ".fetch_and(",
    ".fetch_add(",
    ".put(",
    ".write(event)",
    "write(done + ahead, slot)",
    "put_header(",
    "put_unit(",
    "copy_in_units(",
    "copy_wide(",
    "copy_nonoverlapping(from",
    "self.fill_through(",
    "copy_past_caches(",
    "self.fill(slot",
    "self.fill(Slot",
    "self.fill(words)",
    "fill(self.payload(",
    "write(self.shared.payload(",
    "self.fill_far(",
    ".begin_at_once(",
    ".seal(",
    ".seal_and_publish(",
    ".send(",
    ".mark(",
    ".show(",
    "publisher.publish(",
    "publisher.close(",
    ".commit(",
    ".commit_and(",
    ".flush(",
    ".settle(",
    "take_over(",
    // Pages and entries.
    "write_bytes(",
    ".write_own(",
    ".enter(self.id",
    "producer.enter(",
    ".announce(",
    ".begin();",
    ".forget_id(",
    ".note_leaving(",
    ".note_reason(",
    ".forget_reason(",
    "note_start(",
    "note(at)",
    ".write_id(",
    "id.write(",
    ".reserve(id)",
    "row.write(",
    "row.clear(",
    "self.clear();",
    ".forget();",
    ".set_start(",
    ".declare(",
    ".supersede(",
    ".finish(",
    "entry::claim(",
    "entry::open(",
    "entry::activate(",
    "entry::adopt(",
    "entry::evict(",
    "entry::reserve(",
    "join::set_back(",
    "self.set_back(",
    ".set_kept(",
    "entry::leave(",
    "join::provisional(",
    "join::finish(",
    "join::relocate(",
    "= decide(",
    "match decide(",
    "joining.join(",
    "segment.leave(",
    "segment.evict(",
    "segment.evict_unseated(",
    "segment.release(",
    ".require(",
    ".say_required(",
    ".release_others(",
    ".undo(",
    "self.see_to(",
    "self.reserve(index",
    "self.reserve_any(",
    "self.unseat(",
    "self.put_again(",
    "self.let_go(",
    // Records of what happened.
    ".note(LifecycleEvent",
    ".note(Whom",
    ".note_own(",
    ".note_once(",
    ".note_death(",
    ".note_evicted(",
    ".note_consumer(",
    ".note_producer(",
    "log.write(",
    "producer_ready(",
    "producer_detached(",
    "producer_closed(",
    // System calls.
    "try_lock(",
    "try_lock_all(",
    "lock_patiently(",
    "unlock(",
    "wake_now(",
    "wake_all(",
    "notify(",
    "notify_reached(",
    "fd::make_directory(",
    "fd::create_new(",
    "fd::link_into(",
    "fd::rename_new(",
    "fd::rename_over(",
    "fd::unlink(",
    "fd::seal_length(",
    "create_unnamed(",
    "self.reserve(request",
    "plan.write(",
    "place.publish(",
    ".publish_over(",
    ".unlink(",
    ".retire(",
    "sweep::sweep(",
];

/// Modules whose steps nobody else sees, or that are made of single steps.
const ELSEWHERE: &[&str] = &["models", "sync", "os", "codec", "event", "error", "liveness"];

/// Two steps in a row of one function that need no point between them: where they are, how they begin, and why.
const WITHOUT: &[(&str, &str, &str, &str)] = &[
    ("location/place/draft.rs: publish", "fd::link_into(", "fd::rename_new(", "one or the other"),
    ("message/consumer/intake.rs: skip", ".settle(", ".settle(", "one or the other"),
    ("message/fill.rs: fill", "self.fill_far(", "self.fill_through(", "one or the other"),
    ("message/fill.rs: fill_far", "self.fill_through(", "copy_past_caches(", "one or the other"),
    ("message/fill.rs: fill_far", "copy_past_caches(", "self.fill_through(", "one or the other"),
    ("message/fill.rs: fill_through", "copy_in_units(", "copy_wide(", "one or the other"),
    ("message/fragment.rs: put_each", ".seal(", ".flush(", "`seal` ends with a point"),
    (
        "message/producer.rs: publish_at_once",
        ".begin_at_once(",
        "self.fill(",
        "`begin_at_once` ends with a point",
    ),
    ("message/producer.rs: seal_and_publish", ".flush(", "put_header(", "one or the other"),
    ("message/publish.rs: in_place", ".begin_at_once(", "write(", "`begin_at_once` ends with a point"),
    ("message/value.rs: put_item", ".seal_and_publish(", ".seal(", "one or the other"),
    ("producer/mod.rs: end", "producer_closed(", "producer_detached(", "one or the other"),
    ("producer/mod.rs: end", "wake_now(", ".note_own(", "one or the other"),
    ("producer/room.rs: reserve_slow", ".settle(", ".settle(", "of this process, and one or the other"),
    ("producer/tend.rs: tell", ".note(LifecycleEvent", ".note(LifecycleEvent", "one or the other"),
    ("producer/tend.rs: tend", "segment.evict_unseated(", ".note_once(", "one or the other"),
    ("producer/tend.rs: tend", "self.let_go(", "segment.release(", "one or the other"),
    ("ring/join.rs: finish", "match decide(", "entry::activate(", "`decide` ends with a point"),
    ("segment/leaving.rs: leave", ".note_own(", ".note_leaving(", "one or the other"),
    ("ring/join.rs: relocate", "= decide(", "note(at);", "called in there"),
    (
        "ring/records/copy.rs: copy_past_caches",
        "copy_in_units(",
        "copy_in_units(",
        "of one payload, which nobody is shown yet",
    ),
    ("segment/opened.rs: lock_patiently", "try_lock(", "try_lock(", "the second follows a first that failed"),
    ("segment/page/consumer.rs: reserve", ".store(self.cursor()", ".store(self.message()", "for people"),
    ("segment/page/mod.rs: forget", ".store(", ".store(", "for people"),
    ("segment/page/mod.rs: write_own", ".store(", ".store(", "for people: there is one point in it"),
    ("segment/registry.rs: enter", "note_start(", "join::finish(", "called in there"),
    (
        "segment/registry.rs: move_to",
        "join::relocate(",
        "entry::reserve(",
        "points are in there, as in any refusal",
    ),
    ("segment/registry.rs: move_to", "note_start(", "join::relocate(", "called in there"),
    ("segment/registry.rs: put_back", "entry::leave(", "entry::leave(", "one or the other"),
    ("segment/required.rs: require", ".say_required(", ".release_others(", "one or the other"),
    ("segment/required.rs: reserve", ".note_evicted(", "self.set_back(", "one or the other"),
    ("segment/required.rs: reserve", "self.set_back(", ".put(", "one or the other"),
    ("segment/required.rs: reserve", "entry::reserve(", "entry::evict(", "one or the other"),
    ("segment/required.rs: reserve", "unlock(", "entry::reserve(", "one or the other"),
    ("segment/required.rs: see_to", "lock_patiently(", "unlock(", "nothing is done under it"),
    ("segment/required.rs: see_to", "self.reserve(index", "self.reserve_any(", "one or the other"),
    ("segment/required.rs: unseat", "self.set_back(", "self.put_again(", "one or the other"),
    ("segment/required.rs: unseat", "self.put_again(", "entry::leave(", "one or the other"),
    ("segment/segment.rs: let_go", ".note_evicted(", "self.unseat(", "one or the other"),
    ("wait/stopper.rs: stop", ".fetch_add(", "wake_now(", "memory of this process"),
    ("wait/stopper.rs: stop", ".store(", ".fetch_add(", "memory of this process"),
];

/// A function and its body.
fn functions(code: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let is_word = code[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let rest = &code[at + 3..];
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let Some(open) = rest
            .find(['{', ';'])
            .filter(|open| is_word && !name.is_empty() && rest[*open..].starts_with('{'))
        else {
            continue;
        };
        let mut depth = 0;
        let end = rest[open..].char_indices().find(|(_, c)| {
            depth += i32::from(*c == '{') - i32::from(*c == '}');
            depth == 0
        });
        let end = open + end.map_or(rest.len() - open - 1, |(at, _)| at);
        found.push((name, rest[open..=end].to_owned()));
    }
    found
}

/// Every two steps in a row without a point between them.
fn bare(body: &str) -> Vec<(&str, &str)> {
    let steps = STEPS.iter().flat_map(|step| body.match_indices(step).map(|(at, _)| at));
    let steps: Vec<_> = steps.collect::<BTreeSet<_>>().into_iter().collect();
    let line = |at: usize| body[at..].lines().next().unwrap_or_default();
    let is_bare = |pair: &&[usize]| {
        let between = &body[pair[0]..pair[1]];
        // In one line it is a call and an argument, or one name in another.
        between.contains('\n') && !between.contains("point!(")
    };
    steps.windows(2).filter(is_bare).map(|pair| (line(pair[0]), line(pair[1]))).collect()
}

fn is_looked_at(source: &Source) -> bool {
    !ELSEWHERE.contains(&source.module())
}

#[test]
fn between_every_two_steps_is_a_point() {
    let mut wrong = Vec::new();
    let mut excused = BTreeSet::new();
    for source in sources().iter().filter(|source| is_looked_at(source)) {
        for (name, body) in functions(&source.code) {
            let place = format!("{}: {name}", source.path);
            for (one, two) in bare(&body) {
                let is_it = |(here, first, second, _): &(&str, &str, &str, &str)| {
                    *here == place && one.starts_with(first) && two.starts_with(second)
                };
                match WITHOUT.iter().position(is_it) {
                    Some(index) => drop(excused.insert(index)),
                    None => wrong.push(format!("{place}: between `{one}` and `{two}`")),
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "put `crate::sync::point!(\"operation: state\");` there, its name into tests/src/points.rs, and see to a \
         scene of the crash matrix (tests/src/bin/crash/scenes.rs) that gets there: {wrong:#?}"
    );
    let needless = (0..WITHOUT.len()).filter(|index| !excused.contains(index)).map(|index| WITHOUT[index].0);
    let needless: Vec<_> = needless.collect();
    assert!(needless.is_empty(), "excused without need: {needless:?}");
}

#[test]
fn each_point_has_one_name_and_one_place() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in sources().iter().filter(|source| source.module() != "sync") {
        for rest in source.text.split("point!(\"").skip(1) {
            let name = rest.split('"').next().unwrap();
            assert!(name.contains(": ") && !name.contains(','), "`{name}` in {}", source.path);
            places.entry(name.to_owned()).or_default().push(source.path.clone());
        }
    }
    let twice: Vec<_> = places.iter().filter(|(_, places)| places.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let names: Vec<_> = places.keys().map(String::as_str).collect();
    assert_eq!(names, POINTS, "the list in tests/src/points.rs, in order");
}

#[test]
fn the_reader_of_this_test_sees_what_it_has_to_see() {
    let code = code_of(
        "fn good() {\n    a.store(1);\n    crate::sync::point!(\"x: y\");\n    b.store(2);\n}\nfn bad(x: &T) -> U {\n    a.store(1);\n    if c { unlock(f); }\n}\n",
    );
    let functions = functions(&code);
    let found: Vec<_> = functions.iter().map(|(name, body)| (&**name, bare(body))).collect();
    assert_eq!(found, [("good", vec![]), ("bad", vec![(".store(1);", "unlock(f); }")])]);
}
