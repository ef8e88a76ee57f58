//! Making the ends, with every option of the builders.

use core::time::Duration;

use myelon::{
    ConsumerBuilder, Error, Location, OnConsumerDeath, Placement, ProducerBuilder, Start, Tap, WaitStrategy,
};

use super::consumer::{Consuming, Rx};
use super::producer::{Producing, Tx};
use super::tap::{Tapped, Tapping};
use super::{Told, told};
use crate::channels::{TestChannel, Visit, visit};
use crate::line::Line;

struct MakeProducer<'a>(&'a Line);
struct MakeConsumer<'a>(&'a Line);
struct MakeTap<'a>(&'a Line);
struct Remove<'a>(&'a Line);

pub(super) fn producer(line: &Line) -> Result<Box<dyn Producing>, String> {
    visit(line.text("type").unwrap(), MakeProducer(line))
}

pub(super) fn consumer(line: &Line) -> Result<Box<dyn Consuming>, String> {
    visit(line.text("type").unwrap(), MakeConsumer(line))
}

pub(super) fn tap(line: &Line) -> Result<Box<dyn Tapping>, String> {
    visit(line.text("type").unwrap(), MakeTap(line))
}

pub(super) fn remove(line: &Line) -> Told {
    visit(line.text("type").unwrap(), Remove(line))
}

fn location(line: &Line) -> Result<Location, Error> {
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
        let line = self.0;
        let mut builder = ProducerBuilder::<C>::new(location(line).map_err(told)?);
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
        Ok(Box::new(Tx::<C>::new(builder.build().map_err(told)?)))
    }
}

impl Visit for MakeConsumer<'_> {
    type Output = Result<Box<dyn Consuming>, String>;

    fn visit<C: TestChannel>(self) -> Self::Output {
        let line = self.0;
        let id = line.text("id").unwrap();
        let mut builder = ConsumerBuilder::<C>::new(location(line).map_err(told)?, id);
        if let Some(text) = line.text("start") {
            builder = builder.start(start(text));
        }
        if let Some(text) = line.text("wait") {
            builder = builder.wait(wait_strategy(text));
        }
        if let Some(millis) = line.maybe("timeout") {
            builder = builder.attach_timeout(Duration::from_millis(millis));
        }
        Ok(Box::new(Rx::<C>::new(builder.build().map_err(told)?)))
    }
}

impl Visit for MakeTap<'_> {
    type Output = Result<Box<dyn Tapping>, String>;

    fn visit<C: TestChannel>(self) -> Self::Output {
        Ok(Box::new(Tapped(Tap::<C>::attach(location(self.0).map_err(told)?).map_err(told)?)))
    }
}

impl Visit for Remove<'_> {
    type Output = Told;

    fn visit<C: TestChannel>(self) -> Told {
        let _ = core::marker::PhantomData::<C>;
        myelon::remove(location(self.0).map_err(told)?).map_err(told)?;
        Ok(String::new())
    }
}
