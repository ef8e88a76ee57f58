//! Playing the scenes: first without a blow, to find the points; then once for each of them.

use core::time::Duration;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::{Mutex, PoisonError, RwLock};
use std::thread;
use std::time::Instant;

use myelon_tests::Backend;

use crate::scenes::{SCENES, Scene};
use crate::stage::{Blow, Stage, Strike};

/// How many scenes are played at a time. Most of the time of each nobody does anything.
const AT_A_TIME: usize = 8;

/// How often a cell is played whose victim did not get to its point by chance, or whose files somebody else was looking into
/// when they were to be swept; and what is said of it then.
const TRIES: u32 = 5;
const CHANCE: [&str; 2] = ["was to be struck, and said", "left in shared memory"];

/// Held by all that is played; alone by what would be swept away by others.
static ALONE: RwLock<()> = RwLock::new(());

pub(crate) const BACKENDS: [Backend; 2] = [Backend::Shm, Backend::File];
pub(crate) const BLOWS: [Blow; 2] = [Blow::Killed, Blow::Stopped];

/// What to play.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pub(crate) write: bool,
    /// `(2, 5)`: every fifth line, beginning with the second.
    part: Option<(usize, usize)>,
    names: Vec<String>,
}

impl Asked {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Self {
        let mut asked = Self::default();
        while let Some(argument) = arguments.next() {
            match &*argument {
                "--write" => asked.write = true,
                "--part" => {
                    let part = arguments.next().unwrap_or_default();
                    let part =
                        part.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
                    asked.part = Some(part.expect("--part I/N"));
                }
                _ => asked.names.push(argument),
            }
        }
        asked
    }

    /// Whether that is all of the matrix.
    pub(crate) fn is_whole(&self) -> bool {
        self.part.is_none() && self.names.is_empty()
    }

    fn has(&self, scene: &Scene) -> bool {
        self.names.is_empty() || self.names.iter().any(|name| scene.name.starts_with(&**name))
    }
}

/// A line of the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// In the list of scenes.
    pub(crate) scene: usize,
    /// When its point is first reached, so that lines stand in the order of the code.
    order: usize,
    pub(crate) point: String,
    pub(crate) nth: u64,
    /// Whether there is one further down, of the same point.
    pub(crate) once: bool,
    /// Where the scene gets there.
    over: Vec<Backend>,
}

impl Row {
    /// How often somebody sleeps or wakes others, or what there is to sweep, is not the scene's alone to say.
    fn is_by_chance(&self) -> bool {
        ["sleep", "wake", "sweep"].iter().any(|group| self.point.starts_with(group))
    }
}

/// One scene with one blow.
#[derive(Debug)]
pub(crate) struct Cell {
    pub(crate) row: Row,
    pub(crate) blow: Blow,
    pub(crate) backend: Backend,
    /// What became of it, or why it failed.
    pub(crate) outcome: Result<String, String>,
    pub(crate) times: Vec<Duration>,
    took: Duration,
}

thread_local!(static SAID: RefCell<String> = const { RefCell::new(String::new()) });

/// Plays a scene, and gives what it panicked with.
fn play(scene: &Scene, backend: Backend, strike: Option<Strike>) -> Result<Stage, String> {
    catch_unwind(AssertUnwindSafe(|| {
        let is_dry = strike.is_none();
        let sweeps = strike.as_ref().map_or(scene.name.contains("sweep"), |it| it.point == "sweep: unneeded");
        let _alone = sweeps.then(|| ALONE.write().unwrap_or_else(PoisonError::into_inner));
        let _among_others = (!sweeps).then(|| ALONE.read().unwrap_or_else(PoisonError::into_inner));
        let mut stage = Stage::new(backend, strike);
        (scene.play)(&mut stage);
        if is_dry {
            stage.arena.remove_left();
        }
        stage
    }))
    .map_err(|_| SAID.take())
}

pub(crate) fn run(asked: &Asked) -> Vec<Cell> {
    set_hook(Box::new(|info| {
        let payload = info.payload();
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("?");
        SAID.replace(format!("{text} ({})", info.location().unwrap()));
    }));
    let scenes: Vec<usize> = (0..SCENES.len()).filter(|scene| asked.has(&SCENES[*scene])).collect();
    let found = each(&scenes, |scene| rows(*scene));
    let mut cells = Vec::new();
    let mut all = Vec::new();
    for rows in found {
        match rows {
            Ok(rows) => all.extend(rows),
            Err(failed) => cells.push(*failed),
        }
    }
    let (first, step) = asked.part.unwrap_or((1, 1));
    println!("{} lines in {} scenes", all.len(), scenes.len());
    let rows = all.into_iter().skip(first - 1).step_by(step);
    let work: Vec<_> = rows
        .flat_map(|row| row.over.clone().into_iter().map(move |backend| (row.clone(), backend)))
        .flat_map(|(row, backend)| BLOWS.map(|blow| (row.clone(), backend, blow)))
        .collect();
    cells.extend(each(&work, |(row, backend, blow)| strike(row, *backend, *blow)));
    drop(take_hook());
    cells
}

/// Plays one cell. Whether somebody sleeps at the moment or has something to sweep is chance now and then: then once more.
fn strike(row: &Row, backend: Backend, blow: Blow) -> Cell {
    let since = Instant::now();
    let strike = Strike { point: row.point.clone(), nth: row.nth, blow };
    let mut tries = 0;
    let played = loop {
        let played = play(&SCENES[row.scene], backend, Some(strike.clone()));
        tries += 1;
        let missed = played.as_ref().is_err_and(|error| CHANCE.iter().any(|part| error.contains(part)));
        if !missed || !(row.is_by_chance() || SCENES[row.scene].name.contains("sweep")) || tries == TRIES {
            break played;
        }
    };
    let times = played.as_ref().map(|stage| stage.times.clone()).unwrap_or_default();
    let outcome = played.map(|stage| stage.outcome.join("; "));
    let cell = Cell { row: row.clone(), blow, backend, outcome, times, took: since.elapsed() };
    cell.complain();
    cell
}

/// The points of a scene, in the order in which they are reached; each the first time and the last.
fn rows(scene: usize) -> Result<Vec<Row>, Box<Cell>> {
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for backend in BACKENDS {
        let stage = play(&SCENES[scene], backend, None).map_err(|error| {
            let row = Row {
                scene,
                order: 0,
                point: "without a blow".to_owned(),
                nth: 1,
                once: true,
                over: vec![backend],
            };
            let (outcome, times) = (Err(error), Vec::new());
            let cell = Cell { row, blow: Blow::Killed, backend, outcome, times, took: Duration::ZERO };
            cell.complain();
            Box::new(cell)
        })?;
        for (order, point) in stage.passed.iter().enumerate().filter(|(_, point)| SCENES[scene].counts(point))
        {
            let row = Row { scene, order, point: point.clone(), nth: 0, once: true, over: Vec::new() };
            let row = rows.entry(point.clone()).or_insert(row);
            if row.over.last() != Some(&backend) {
                row.over.push(backend);
                row.nth = 0;
            }
            row.nth += 1;
        }
    }
    let mut all = Vec::new();
    for row in rows.into_values() {
        let once = row.nth == 1 || row.is_by_chance();
        if !once {
            all.push(Row { once, ..row.clone() });
        }
        all.push(Row { once, nth: 1, ..row });
    }
    // In which order files are swept is up to the directory.
    let sweeps = |row: &Row| row.point.starts_with("sweep");
    let swept = all.iter().filter(|row| sweeps(row)).map(|row| row.order).min();
    let order = |row: &Row| swept.filter(|_| sweeps(row)).unwrap_or(row.order);
    all.sort_by_cached_key(|row| (order(row), sweeps(row).then(|| row.point.clone()), row.nth));
    Ok(all)
}

/// Does something with each, several at a time; the results are in order.
fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = Mutex::new(items.iter().enumerate());
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                loop {
                    let Some((index, item)) = next.lock().unwrap().next() else { return };
                    let result = work(item);
                    done.lock().unwrap().push((index, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

impl Cell {
    pub(crate) fn took(&self) -> Duration {
        self.took
    }

    /// Says at once what failed.
    fn complain(&self) {
        if let Err(error) = &self.outcome {
            let Row { scene, point, nth, .. } = &self.row;
            let (name, blow, backend) = (SCENES[*scene].name, self.blow, self.backend);
            println!("FAILED {name} / {point} ({nth}) / {blow:?} / {backend:?}: {error}\n");
        }
    }
}
