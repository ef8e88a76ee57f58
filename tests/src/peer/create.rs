//! Making the ends, with every option of the builders.

use core::time::Duration;

use myelon::{
    ConsumerBuilder, Declared, Error, Location, Loss, LossyBuilder, OnConsumerDeath, OnDeath, OnFailure,
    Placement, ProducerBuilder, Required, Start, StartWhen, Tap, WaitStrategy,
};

use super::consumer::{Consuming, Rx};
use super::producer::{Producing, Tx};
use super::tap::{Tapped, Tapping};
use super::{Kind, Told, told};
use crate::channels::{TestChannel, Visit, visit};
use crate::line::Line;

struct MakeProducer<'a>(&'a Line);
struct MakeConsumer<'a>(&'a Line);
struct MakeLossy<'a>(&'a Line);
struct MakeTap<'a>(&'a Line);

pub(super) fn producer(line: &Line, kinds: &[Kind]) -> Result<Box<dyn Producing>, String> {
    match of_messages(line, kinds) {
        Some(kind) => (kind.producer)(line),
        None => visit(line.text("type").unwrap(), MakeProducer(line)),
    }
}

pub(super) fn consumer(line: &Line, kinds: &[Kind]) -> Result<Box<dyn Consuming>, String> {
    match of_messages(line, kinds) {
        Some(kind) => (kind.consumer)(line),
        None => visit(line.text("type").unwrap(), MakeConsumer(line)),
    }
}

/// The channel of messages that a line names: one of the helper's own, or else one that all know.
fn of_messages<'a>(line: &Line, kinds: &'a [Kind]) -> Option<&'a Kind> {
    let name = line.text("type");
    kinds.iter().chain(super::message::KINDS).find(|kind| Some(kind.name) == name)
}

pub(super) fn lossy(line: &Line, kinds: &[Kind]) -> Result<Box<dyn Consuming>, String> {
    match of_messages(line, kinds) {
        Some(kind) => (kind.lossy)(line),
        None => visit(line.text("type").unwrap(), MakeLossy(line)),
    }
}

pub(super) fn tap(line: &Line, kinds: &[Kind]) -> Result<Box<dyn Tapping>, String> {
    match of_messages(line, kinds) {
        Some(kind) => (kind.tap)(line),
        None => visit(line.text("type").unwrap(), MakeTap(line)),
    }
}

pub(super) fn remove(line: &Line) -> Told {
    myelon::remove(location(line).map_err(told)?).map_err(told)?;
    Ok(String::new())
}

pub(super) fn location(line: &Line) -> Result<Location, Error> {
    Ok(line.text("at").unwrap().parse::<Location>()?)
}

fn wait_strategy(text: &str) -> WaitStrategy {
    match text {
        "spin" => WaitStrategy::Spin,
        "yield" => WaitStrategy::Yield,
        "park" => WaitStrategy::Park,
        "adaptive" => WaitStrategy::Adaptive,
        other => panic!("no wait strategy `{other}`"),
    }
}

fn policy(text: &str) -> OnConsumerDeath {
    match text.split_once(':').unwrap_or((text, "")) {
        ("evict", _) => OnConsumerDeath::Evict,
        ("forever", _) => OnConsumerDeath::HoldForever,
        ("hold", millis) => OnConsumerDeath::Hold(Duration::from_millis(millis.parse().unwrap())),
        _ => panic!("no policy `{text}`"),
    }
}

fn start(text: &str) -> Start {
    match text.split_once(':').unwrap_or((text, "")) {
        ("latest", _) => Start::Latest,
        ("oldest", _) => Start::Oldest,
        ("resume", _) => Start::Resume,
        ("at", sequence) => Start::At(sequence.parse().unwrap()),
        _ => panic!("no start `{text}`"),
    }
}

impl Visit for MakeProducer<'_> {
    type Output = Result<Box<dyn Producing>, String>;

    fn visit<C: TestChannel>(self) -> Self::Output {
        let builder = producer_builder::<C>(self.0)?;
        Ok(Box::new(Tx::<C>::new(builder.build().map_err(told)?)))
    }
}

impl Visit for MakeConsumer<'_> {
    type Output = Result<Box<dyn Consuming>, String>;

    fn visit<C: TestChannel>(self) -> Self::Output {
        let builder = consumer_builder::<C>(self.0)?;
        Ok(Box::new(Rx::<C>::new(builder.build().map_err(told)?)))
    }
}

/// `startup= stall= grace= check=` in milliseconds, `failure=`, `death=`: what a required consumer has to expect.
fn terms(line: &Line) -> Required {
    let time = |key| line.maybe(key).map(Duration::from_millis);
    let mut terms = Required::DEFAULT;
    terms.startup = time("startup");
    terms.stall = time("stall");
    terms.grace = time("grace").unwrap_or(terms.grace);
    terms.check = time("check").unwrap_or(terms.check);
    terms.on_failure = match line.text("failure") {
        Some("shutdown") => OnFailure::Shutdown,
        Some("alert") => OnFailure::AlertOnly,
        _ => OnFailure::Block,
    };
    let loss = |text| if text == "evict" { Loss::Evict } else { Loss::Shutdown };
    terms.on_death = match line.text("death").map(|text| text.split_once(':').unwrap_or((text, ""))) {
        None => terms.on_death,
        Some((loss_at_once, "")) => OnDeath::At(loss(loss_at_once)),
        Some((then, millis)) => {
            OnDeath::Wait { time: Some(Duration::from_millis(millis.parse().unwrap())), then: loss(then) }
        }
    };
    terms
}

/// `create at= cap= wait= policy= fresh lock required= start= within=`, for channels of all kinds; with `required=`, terms.
pub(super) fn producer_builder<C: Declared>(line: &Line) -> Result<ProducerBuilder<C>, String> {
    let mut builder = ProducerBuilder::new(location(line).map_err(told)?);
    if let Some(capacity) = line.maybe("cap") {
        builder = builder.capacity(capacity);
    }
    if let Some(text) = line.text("wait") {
        builder = builder.wait(wait_strategy(text));
    }
    if let Some(text) = line.text("policy") {
        builder = builder.on_consumer_death(policy(text));
    }
    if line.has("fresh") {
        builder = builder.fresh();
    }
    if line.has("lock") {
        builder = builder.placement(Placement::default().locked());
    }
    if let Some(ids) = line.text("required") {
        builder = builder.required(ids.split(',')).policy(terms(line)).on_alert(super::producer::note_alert);
    }
    if let Some(when) = line.text("start") {
        let when = when.parse().map_or(StartWhen::AllRequired, StartWhen::Attached);
        builder = builder.start_when(when, Duration::from_millis(line.num("within")));
    }
    Ok(builder)
}

/// `attach at= id= start= wait= timeout=`, for channels of all kinds.
pub(super) fn consumer_builder<C: Declared>(line: &Line) -> Result<ConsumerBuilder<C>, String> {
    let id = line.text("id").unwrap();
    let mut builder = ConsumerBuilder::new(location(line).map_err(told)?, id);
    if let Some(text) = line.text("start") {
        builder = builder.start(start(text));
    }
    if let Some(text) = line.text("wait") {
        builder = builder.wait(wait_strategy(text));
    }
    if let Some(millis) = line.maybe("timeout") {
        builder = builder.attach_timeout(Duration::from_millis(millis));
    }
    Ok(builder)
}

/// `glance at= start= wait= timeout=`, for channels of all kinds.
pub(super) fn lossy_builder<C: Declared>(line: &Line) -> Result<LossyBuilder<C>, String> {
    let mut builder = LossyBuilder::new(location(line).map_err(told)?);
    if let Some(text) = line.text("start") {
        builder = builder.start(start(text));
    }
    if let Some(text) = line.text("wait") {
        builder = builder.wait(wait_strategy(text));
    }
    if let Some(millis) = line.maybe("timeout") {
        builder = builder.attach_timeout(Duration::from_millis(millis));
    }
    Ok(builder)
}

impl Visit for MakeLossy<'_> {
    type Output = Result<Box<dyn Consuming>, String>;

    fn visit<C: TestChannel>(self) -> Self::Output {
        super::glance::events::<C>(self.0)
    }
}

impl Visit for MakeTap<'_> {
    type Output = Result<Box<dyn Tapping>, String>;

    fn visit<C: TestChannel>(self) -> Self::Output {
        Ok(Box::new(Tapped(Tap::<C>::attach(location(self.0).map_err(told)?).map_err(told)?)))
    }
}
