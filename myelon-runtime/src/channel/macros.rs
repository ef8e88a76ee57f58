//! What `#[myelon::channel]` generates by calling: every function of the generated types, with its docs.

/// The functions of the marker type of a channel of events.
#[doc(hidden)]
#[macro_export]
macro_rules! __myelon_marker {
    ($marker:ident, $vis:vis, $producer:ident, $consumer:ident, $lossy:ident, { $($declared:tt)* }) => {
        $crate::__myelon_declared!(
            $marker, $vis, $producer, $consumer, $lossy, Channel, producer, consumer, lossy, Tap,
            { $($declared)* }
        );
    };
}

/// The functions of the marker type of a channel of messages.
#[doc(hidden)]
#[macro_export]
macro_rules! __myelon_message_marker {
    ($marker:ident, $vis:vis, $producer:ident, $consumer:ident, $lossy:ident, { $($declared:tt)* }) => {
        $crate::__myelon_declared!(
            $marker, $vis, $producer, $consumer, $lossy, MessageChannel, message_producer, message_consumer,
            message_lossy, MessageTap, { $($declared)* }
        );
    };
}

/// What the marker types of all channels have. In the braces is what was declared of consumers.
#[doc(hidden)]
#[macro_export]
macro_rules! __myelon_declared {
    (
        $marker:ident, $vis:vis, $producer:ident, $consumer:ident, $lossy:ident, $channel:ident,
        $open_producer:ident, $open_consumer:ident, $open_lossy:ident, $tap:ident, { $($declared:tt)* }
    ) => {
        #[automatically_derived]
        impl $crate::__private::Declared for $marker {
            type Tx = $producer;
            type Rx = $consumer;
            type Lossy = $lossy;
            const CAPACITY: $crate::__private::core::primitive::u64 =
                <$marker as $crate::__private::$channel>::CONFIG.capacity;
            const WAIT: $crate::__private::WaitStrategy =
                <$marker as $crate::__private::$channel>::CONFIG.wait;
            $($declared)*

            #[inline]
            fn produce(
                options: $crate::__private::ProducerOptions,
            ) -> $crate::__private::core::result::Result<$producer, $crate::__private::CreateError> {
                $crate::__private::open::$open_producer::<$marker>(options)
            }

            #[inline]
            fn consume(
                options: $crate::__private::ConsumerOptions,
            ) -> $crate::__private::core::result::Result<$consumer, $crate::__private::AttachError> {
                $crate::__private::open::$open_consumer::<$marker>(options)
            }

            #[inline]
            fn glance(
                options: $crate::__private::LossyOptions,
            ) -> $crate::__private::core::result::Result<$lossy, $crate::__private::AttachError> {
                $crate::__private::open::$open_lossy::<$marker>(options).map($lossy)
            }
        }

        impl $marker {
            /// Creates the channel at `at` and returns its producer; takes over from a producer that died.
            ///
            /// `at` is a name (shared memory) or a `Location`. Everything that can be chosen when the program
            /// runs is in [`producer`](Self::producer), of which this is the short form.
            #[doc = "\n# Errors\nSee `CreateError`."]
            #[inline]
            $vis fn create(
                at: impl $crate::__private::IntoLocation,
            ) -> $crate::__private::core::result::Result<$producer, $crate::__private::CreateError> {
                Self::producer(at).build()
            }

            /// Attaches to the channel at `at` as the consumer called `id`.
            ///
            /// An `id` that is new starts with what is published next; a known one resumes where it stopped. Everything
            /// that can be chosen when the program runs is in [`consumer`](Self::consumer), of which this is
            /// the short form.
            #[doc = "\n# Errors\nSee `AttachError`."]
            #[inline]
            $vis fn attach(
                at: impl $crate::__private::IntoLocation,
                id: &$crate::__private::core::primitive::str,
            ) -> $crate::__private::core::result::Result<$consumer, $crate::__private::AttachError> {
                Self::consumer(at, id).build()
            }

            /// Everything that can be chosen about a producer when the program runs.
            #[inline]
            $vis fn producer(
                at: impl $crate::__private::IntoLocation,
            ) -> $crate::__private::ProducerBuilder<$marker> {
                $crate::__private::ProducerBuilder::new(at)
            }

            /// Everything that can be chosen about the consumer called `id` when the program runs.
            #[inline]
            $vis fn consumer(
                at: impl $crate::__private::IntoLocation,
                id: &$crate::__private::core::primitive::str,
            ) -> $crate::__private::ConsumerBuilder<$marker> {
                $crate::__private::ConsumerBuilder::new(at, id)
            }

            /// Everything that can be chosen about a lossy consumer when the program runs: one that holds nobody back, takes
            /// no place among the consumers, and learns how much it missed.
            #[inline]
            $vis fn lossy(
                at: impl $crate::__private::IntoLocation,
            ) -> $crate::__private::LossyBuilder<$marker> {
                $crate::__private::LossyBuilder::new(at)
            }

            /// Attaches a read-only observer for tools, which holds nobody back, never waits, and may miss what is published.
            #[doc = "\n# Errors\nSee `AttachError`."]
            #[inline]
            $vis fn tap(
                at: impl $crate::__private::IntoLocation,
            ) -> $crate::__private::core::result::Result<
                $crate::__private::$tap<$marker>,
                $crate::__private::AttachError,
            > {
                $crate::__private::$tap::<$marker>::attach(at)
            }

            /// How the channel at `at` is: everybody who takes part, who holds it up, and what happened last. Disturbs
            /// nobody, and works as well when all are dead.
            #[doc = "\n# Errors\nSee `AttachError`."]
            #[inline]
            $vis fn health(
                at: impl $crate::__private::IntoLocation,
            ) -> $crate::__private::core::result::Result<
                $crate::__private::Health,
                $crate::__private::AttachError,
            > {
                $crate::__private::Health::take(at)
            }

            /// What happened to those who take part in the channel at `at`, or did: who attached, left, died, was let
            /// go. Disturbs nobody, and works as well when all are dead.
            #[doc = "\n# Errors\nSee `AttachError`."]
            #[inline]
            $vis fn history(
                at: impl $crate::__private::IntoLocation,
            ) -> $crate::__private::core::result::Result<
                $crate::__private::History,
                $crate::__private::AttachError,
            > {
                $crate::__private::History::take(at)
            }

            /// Removes the channel at `at`, unless somebody alive uses it.
            #[doc = "\n# Errors\nSee `RemoveError`."]
            #[inline]
            $vis fn remove(
                at: impl $crate::__private::IntoLocation,
            ) -> $crate::__private::core::result::Result<(), $crate::__private::RemoveError> {
                $crate::__private::remove(at)
            }
        }

        #[automatically_derived]
        impl $crate::__private::core::fmt::Debug for $marker {
            fn fmt(
                &self,
                _: &mut $crate::__private::core::fmt::Formatter<'_>,
            ) -> $crate::__private::core::fmt::Result {
                match *self {}
            }
        }

        #[automatically_derived]
        impl $crate::__private::core::marker::Copy for $marker {}

        #[automatically_derived]
        impl $crate::__private::core::clone::Clone for $marker {
            fn clone(&self) -> Self {
                *self
            }
        }
    };
}

/// A generated end and the generic end that it wraps, one into the other.
#[doc(hidden)]
#[macro_export]
macro_rules! __myelon_end {
    ($end:ident, $inner:ty) => {
        impl $crate::__private::core::ops::Deref for $end {
            type Target = $inner;
            #[inline]
            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl $crate::__private::core::ops::DerefMut for $end {
            #[inline]
            fn deref_mut(&mut self) -> &mut Self::Target {
                &mut self.0
            }
        }

        impl $crate::__private::core::convert::From<$inner> for $end {
            #[inline]
            fn from(end: $inner) -> Self {
                Self(end)
            }
        }

        impl $crate::__private::core::fmt::Debug for $end {
            fn fmt(
                &self,
                f: &mut $crate::__private::core::fmt::Formatter<'_>,
            ) -> $crate::__private::core::fmt::Result {
                $crate::__private::core::fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}

/// The functions of a generated producer that take it by value; the others come through `Deref`.
#[doc(hidden)]
#[macro_export]
macro_rules! __myelon_producer {
    ($producer:ident, $vis:vis, $marker:ident) => {
        $crate::__myelon_end!(
            $producer,
            $crate::__private::Producer<
                <$marker as $crate::__private::Channel>::Event,
                <$marker as $crate::__private::Channel>::Slots,
            >
        );

        impl $producer {
            /// Ends the stream: consumers drain what is there and then see its end. Dropping does the same.
            #[inline]
            $vis fn close(self) {
                self.0.close();
            }

            /// Leaves, but leaves the stream open for a successor.
            #[inline]
            $vis fn detach(self) {
                self.0.detach();
            }
        }
    };
}

/// The functions of a generated consumer that take it by value; the others come through `Deref`.
#[doc(hidden)]
#[macro_export]
macro_rules! __myelon_consumer {
    ($consumer:ident, $vis:vis, $marker:ident) => {
        $crate::__myelon_end!(
            $consumer,
            $crate::__private::Consumer<
                <$marker as $crate::__private::Channel>::Event,
                <$marker as $crate::__private::Channel>::Slots,
            >
        );

        impl $consumer {
            /// Leaves for good: holds nobody back any more. Dropping does the same.
            #[inline]
            $vis fn close(self) {
                self.0.close();
            }

            /// Leaves, but keeps the place: the same id resumes where this one stopped.
            #[inline]
            $vis fn detach(self) {
                self.0.detach();
            }
        }
    };
}

/// A producer of a channel with one kind of message, in the format of it.
#[doc(hidden)]
#[macro_export]
macro_rules! __myelon_message_producer {
    ($producer:ident, $vis:vis, $format:ty) => {
        $crate::__myelon_end!(
            $producer,
            $crate::__private::MessageProducer<$format>
        );

        impl $crate::__private::core::convert::From<$crate::__private::RecordProducer> for $producer {
            #[inline]
            fn from(end: $crate::__private::RecordProducer) -> Self {
                Self($crate::__private::core::convert::From::from(end))
            }
        }

        $crate::__myelon_message_end!($producer, $vis, into_shared,
            /// Ends the stream: consumers drain what is there and then see its end. Dropping does the same.
            /// Leaves, but leaves the stream open for a successor.
        );
    };
}

/// The producer of an `enum` channel; its lanes are generated beside it.
#[doc(hidden)]
#[macro_export]
macro_rules! __myelon_message_enum_producer {
    ($producer:ident, $vis:vis, $marker:ident) => {
        $crate::__myelon_end!($producer, $crate::__private::RecordProducer);

        $crate::__myelon_message_end!($producer, $vis, into_shared,
            /// Ends the stream: consumers drain what is there and then see its end. Dropping does the same.
            /// Leaves, but leaves the stream open for a successor.
        );
    };
}

/// A consumer of a channel of messages, which come in the format.
#[doc(hidden)]
#[macro_export]
macro_rules! __myelon_message_consumer {
    ($consumer:ident, $vis:vis, $format:ty) => {
        $crate::__myelon_end!(
            $consumer,
            $crate::__private::MessageConsumer<$format>
        );

        impl $crate::__private::core::convert::From<$crate::__private::RecordConsumer> for $consumer {
            #[inline]
            fn from(end: $crate::__private::RecordConsumer) -> Self {
                Self($crate::__private::core::convert::From::from(end))
            }
        }

        $crate::__myelon_message_end!($consumer, $vis, into_shared,
            /// Leaves for good: holds nobody back any more. Dropping does the same.
            /// Leaves, but keeps the place: the same id resumes where this one stopped.
        );
    };
}

/// The functions of an end of messages that take it by value.
#[doc(hidden)]
#[macro_export]
macro_rules! __myelon_message_end {
    ($end:ident, $vis:vis, $shared:ident, #[doc = $close:literal] #[doc = $detach:literal]) => {
        impl $end {
            #[doc = $close]
            #[inline]
            $vis fn close(self) {
                self.0.$shared().close();
            }

            #[doc = $detach]
            #[inline]
            $vis fn detach(self) {
                self.0.$shared().detach();
            }
        }
    };
}
