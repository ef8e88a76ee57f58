mod inner {
    #[derive(myelon::RingEvent, Clone, Copy)]
    #[repr(C)]
    struct Tick {
        price: u64,
    }

    #[derive(serde::Serialize, serde::Deserialize)]
    struct Order {
        price: u64,
    }

    #[myelon::channel(capacity = 1024)]
    pub struct Ticks(Tick);

    #[myelon::channel(codec = postcard, capacity = "1 MiB")]
    pub struct Orders(Order);

    #[myelon::channel(capacity = "1 MiB")]
    pub enum Feed {
        Tick(Tick),
        #[codec(postcard)]
        Order(Order),
    }
}

fn main() {}
