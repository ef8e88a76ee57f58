const _: () = {
    struct __MyelonCopy;
    impl __MyelonCopy {
        const HOLDS: () = <Side as ::myelon::__private::layout::IsCopy>::HOLDS;
    }
    struct __MyelonParts;
    impl __MyelonParts {
        const V0: ::myelon::__private::core::primitive::u8 = Side::Bid
            as ::myelon::__private::core::primitive::u8;
        const V1: ::myelon::__private::core::primitive::u8 = Side::Ask
            as ::myelon::__private::core::primitive::u8;
        const VARIANTS: &'static [::myelon::__private::Variant] = &[
            ::myelon::__private::Variant {
                name: "Bid",
                discriminant: Self::V0 as ::myelon::__private::core::primitive::i128,
            },
            ::myelon::__private::Variant {
                name: "Ask",
                discriminant: Self::V1 as ::myelon::__private::core::primitive::i128,
            },
        ];
    }
    #[automatically_derived]
    unsafe impl ::myelon::__private::RingEvent for Side
    where
        for<'__a> Side: ::myelon::__private::layout::Plain<'__a>,
    {
        const BLANK: Self = '__blank: {
            if __MyelonParts::V0 == 0 {
                break '__blank Side::Bid;
            }
            if __MyelonParts::V1 == 0 {
                break '__blank Side::Ask;
            }
            Side::Bid
        };
        const SCHEMA: &'static ::myelon::__private::Schema = &::myelon::__private::Schema::new(
            "Side",
            ::myelon::__private::core::mem::size_of::<Self>(),
            ::myelon::__private::core::mem::align_of::<Self>(),
            ::myelon::__private::Kind::Enum {
                repr: ::myelon::__private::Primitive::U8,
                variants: __MyelonParts::VARIANTS,
            },
        );
        const CHECKED: ::myelon::__private::core::primitive::bool = true;
        #[inline]
        unsafe fn is_valid(
            at: *const Self,
        ) -> ::myelon::__private::core::primitive::bool {
            match unsafe {
                at.cast::<::myelon::__private::core::primitive::u8>().read()
            } {
                __MyelonParts::V0 | __MyelonParts::V1 => true,
                _ => false,
            }
        }
    }
};
