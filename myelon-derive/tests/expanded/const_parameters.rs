const _: () = {
    struct __MyelonCopy<const N: usize>;
    impl<const N: usize> __MyelonCopy<N> {
        const HOLDS: () = <Text<N> as ::myelon::__private::layout::IsCopy>::HOLDS;
    }
    struct __MyelonParts<const N: usize>;
    impl<const N: usize> __MyelonParts<N> {
        const F0: ::myelon::__private::layout::Part<u8> = <u8 as ::myelon::__private::layout::FieldType>::PART;
        const F1: ::myelon::__private::layout::Part<[u8; N]> = <[u8; N] as ::myelon::__private::layout::FieldType>::PART;
        const PROOF: () = {
            let proof = ::myelon::__private::layout::Proof::of("Text");
            let proof = ::myelon::__private::layout::Proof::field(
                proof,
                "len",
                ::myelon::__private::core::mem::offset_of!(Text < N >, len),
                ::myelon::__private::core::mem::size_of::<u8>(),
            );
            let proof = ::myelon::__private::layout::Proof::field(
                proof,
                "bytes",
                ::myelon::__private::core::mem::offset_of!(Text < N >, bytes),
                ::myelon::__private::core::mem::size_of::<[u8; N]>(),
            );
            ::myelon::__private::layout::Proof::size(
                proof,
                ::myelon::__private::core::mem::size_of::<Text<N>>(),
            )
        };
        const FIELDS: &'static [::myelon::__private::Field] = &[
            ::myelon::__private::Field {
                name: "len",
                offset: ::myelon::__private::core::mem::offset_of!(Text < N >, len)
                    as ::myelon::__private::core::primitive::u64,
                schema: Self::F0.schema,
            },
            ::myelon::__private::Field {
                name: "bytes",
                offset: ::myelon::__private::core::mem::offset_of!(Text < N >, bytes)
                    as ::myelon::__private::core::primitive::u64,
                schema: Self::F1.schema,
            },
        ];
    }
    #[automatically_derived]
    unsafe impl<const N: usize> ::myelon::__private::RingEvent for Text<N>
    where
        for<'__a> Text<N>: ::myelon::__private::layout::Plain<'__a>,
    {
        const BLANK: Self = {
            let () = __MyelonParts::<N>::PROOF;
            Text {
                len: __MyelonParts::<N>::F0.blank,
                bytes: __MyelonParts::<N>::F1.blank,
            }
        };
        const SCHEMA: &'static ::myelon::__private::Schema = {
            let () = __MyelonParts::<N>::PROOF;
            &::myelon::__private::Schema::new(
                "Text",
                ::myelon::__private::core::mem::size_of::<Self>(),
                ::myelon::__private::core::mem::align_of::<Self>(),
                ::myelon::__private::Kind::Struct(__MyelonParts::<N>::FIELDS),
            )
        };
        const CHECKED: ::myelon::__private::core::primitive::bool = __MyelonParts::<
            N,
        >::F0
            .checked || __MyelonParts::<N>::F1.checked;
        #[inline]
        unsafe fn is_valid(
            at: *const Self,
        ) -> ::myelon::__private::core::primitive::bool {
            unsafe {
                __MyelonParts::<N>::F0
                    .is_valid(at, ::myelon::__private::core::mem::offset_of!(Self, len))
                    && __MyelonParts::<N>::F1
                        .is_valid(
                            at,
                            ::myelon::__private::core::mem::offset_of!(Self, bytes),
                        )
            }
        }
    }
    #[automatically_derived]
    unsafe impl<const N: usize> ::myelon::__private::bytemuck::Zeroable for Text<N>
    where
        for<'__a> u8: ::myelon::__private::bytemuck::Zeroable,
        for<'__a> [u8; N]: ::myelon::__private::bytemuck::Zeroable,
    {}
    #[automatically_derived]
    unsafe impl<const N: usize> ::myelon::__private::bytemuck::Pod for Text<N>
    where
        for<'__a> Text<N>: ::myelon::__private::layout::Plain<'__a>,
        for<'__a> u8: ::myelon::__private::bytemuck::Pod,
        for<'__a> [u8; N]: ::myelon::__private::bytemuck::Pod,
        for<'__a> u8: ::myelon::__private::layout::SameUnit<'__a, u8>,
        for<'__a> [u8; N]: ::myelon::__private::layout::SameUnit<'__a, u8>,
    {}
};
