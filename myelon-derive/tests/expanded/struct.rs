const _: () = {
    struct __MyelonCopy;
    impl __MyelonCopy {
        const HOLDS: () = <Tick as ::myelon::__private::layout::IsCopy>::HOLDS;
    }
    struct __MyelonParts;
    impl __MyelonParts {
        const F0: ::myelon::__private::layout::Part<u64> = <u64 as ::myelon::__private::layout::FieldType>::PART;
        const F1: ::myelon::__private::layout::Part<Side> = <Side as ::myelon::__private::layout::FieldType>::PART;
        const F2: ::myelon::__private::layout::Part<[u8; 7]> = <[u8; 7] as ::myelon::__private::layout::FieldType>::PART;
        const FIELDS: &'static [::myelon::__private::Field] = &[
            ::myelon::__private::Field {
                name: "ts_ns",
                offset: ::myelon::__private::core::mem::offset_of!(Tick, ts_ns)
                    as ::myelon::__private::core::primitive::u64,
                schema: Self::F0.schema,
            },
            ::myelon::__private::Field {
                name: "side",
                offset: ::myelon::__private::core::mem::offset_of!(Tick, side)
                    as ::myelon::__private::core::primitive::u64,
                schema: Self::F1.schema,
            },
            ::myelon::__private::Field {
                name: "_pad",
                offset: ::myelon::__private::core::mem::offset_of!(Tick, _pad)
                    as ::myelon::__private::core::primitive::u64,
                schema: Self::F2.schema,
            },
        ];
    }
    const _: () = <Tick as ::myelon::__private::layout::NoGapBefore<
        {
            ::myelon::__private::core::mem::offset_of!(Tick, side)
                - (::myelon::__private::core::mem::offset_of!(Tick, ts_ns)
                    + ::myelon::__private::core::mem::size_of::<u64>())
        },
    >>::HOLDS;
    const _: () = <Tick as ::myelon::__private::layout::NoGapBefore<
        {
            ::myelon::__private::core::mem::offset_of!(Tick, _pad)
                - (::myelon::__private::core::mem::offset_of!(Tick, side)
                    + ::myelon::__private::core::mem::size_of::<Side>())
        },
    >>::HOLDS;
    const _: () = <Tick as ::myelon::__private::layout::NoGapAtEnd<
        {
            ::myelon::__private::core::mem::size_of::<Tick>()
                - (::myelon::__private::core::mem::offset_of!(Tick, _pad)
                    + ::myelon::__private::core::mem::size_of::<[u8; 7]>())
        },
    >>::HOLDS;
    const _: () = <Tick as ::myelon::__private::layout::NotEmpty<
        { ::myelon::__private::core::mem::size_of::<Tick>() == 0 },
    >>::HOLDS;
    #[automatically_derived]
    unsafe impl ::myelon::__private::RingEvent for Tick
    where
        for<'__a> Tick: ::myelon::__private::layout::Plain<'__a>,
    {
        const BLANK: Self = {
            Tick {
                ts_ns: __MyelonParts::F0.blank,
                side: __MyelonParts::F1.blank,
                _pad: __MyelonParts::F2.blank,
            }
        };
        const SCHEMA: &'static ::myelon::__private::Schema = {
            &::myelon::__private::Schema::new(
                "Tick",
                ::myelon::__private::core::mem::size_of::<Self>(),
                ::myelon::__private::core::mem::align_of::<Self>(),
                ::myelon::__private::Kind::Struct(__MyelonParts::FIELDS),
            )
        };
        const CHECKED: ::myelon::__private::core::primitive::bool = __MyelonParts::F0
            .checked || __MyelonParts::F1.checked || __MyelonParts::F2.checked;
        #[inline]
        unsafe fn is_valid(
            at: *const Self,
        ) -> ::myelon::__private::core::primitive::bool {
            unsafe {
                __MyelonParts::F0
                    .is_valid(
                        at,
                        ::myelon::__private::core::mem::offset_of!(Self, ts_ns),
                    )
                    && __MyelonParts::F1
                        .is_valid(
                            at,
                            ::myelon::__private::core::mem::offset_of!(Self, side),
                        )
                    && __MyelonParts::F2
                        .is_valid(
                            at,
                            ::myelon::__private::core::mem::offset_of!(Self, _pad),
                        )
            }
        }
    }
    const _: () = ::myelon::__private::layout::number::<u64>();
    const _: () = ::myelon::__private::layout::number::<[u8; 7]>();
    #[automatically_derived]
    unsafe impl ::myelon::__private::bytemuck::Zeroable for Tick
    where
        for<'__a> Side: ::myelon::__private::bytemuck::Zeroable,
    {}
    #[automatically_derived]
    unsafe impl ::myelon::__private::bytemuck::Pod for Tick
    where
        for<'__a> Tick: ::myelon::__private::layout::Plain<'__a>,
        for<'__a> Side: ::myelon::__private::bytemuck::Pod,
    {}
};
