/* A consumer: arrival.rs, reader.rs, leaving.rs; join.pml has how it came. */

bit seat[NC];            /* ghost: it was seated */

/* Reader::end */
#define ENDED (closed_at <= next)
/* A check finds that the producer is dead (Stream::check), and it was not told yet. */
#define MOURNABLE (lock_producer == 0 && epoch != 0 && epoch != mourned && detached != epoch)

#define is_whole(s) assert(writer[s] != 0 && slot[(s) % CAP] == EVENT(s, writer[s]))

/* One event that was seen: it is read for as long as anything may happen elsewhere, and given back. From the look on, up
 * to the store of the cursor, nobody may write there (R4, R5). */
inline read_event() {
#ifdef BREAK_R5 /* gives back what it still reads */
  cursor[entry] = next + 1;
#endif
#ifdef BREAK_L1 /* gives back its lock while it still reads */
  lock_entry[entry] = 0;
#endif
  /* Reader::settle (R1) */
  d_step {
    is_whole(next);
    lent[c] = 0;
#ifndef BREAK_L1
    assert(lock_entry[entry] == me && state[entry] == ACTIVE && owner[entry] == me);
#endif
    cursor[entry] = next + 1;
    next++;
    saved[id] = next + 1;
    HAS_NEWS(me)
  };
  notify_room(me, next)
}

/* Stream::check, Stream::seen_dead. */
inline check_producer() {
  /* Before the evidence. */
  suspect = epoch;
  if
  :: lock_producer != 0                                           /* producer_is_alive */
  :: lock_producer == 0 ->
#ifndef BREAK_L6 /* L6: what it did before it died is looked at after the evidence */
    if
    :: VISIBLE(next) -> goto arrives
    :: else -> if :: ENDED -> goto arrives :: else fi
    fi;
#endif
    if
    :: d_step { epoch == suspect && suspect != 0 && detached != suspect && mourned != suspect ->
        mourned = suspect;
        /* ProducerDied is told of one who is dead, left nothing that was not read, and ended nothing. */
        assert(gone[number[suspect]]);
        assert(writer[next] != number[suspect]);
        assert(closer != number[suspect])
      }
    :: else
    fi
  fi;
  suspect = 0
}

/* Segment::leave */
inline leave() {
  assert(state[entry] == ACTIVE);
  was = ACTIVE;
#if defined(REQUIRED) && !defined(BREAK_REQUIRED) /* BREAK_REQUIRED: it leaves as anybody does */
#define KEEPS (id == 0 && closed_at == OPEN)
#else
#define KEEPS false
#endif
  if
  :: KEEPS ->                                                     /* kept_if_required */
    d_step { change(RESERVED); HAS_NEWS(me) };
    if
    :: !KEEPS -> d_step { change(FREE); HAS_NEWS(me) }; page_id[entry] = 0
    :: else
    fi
  :: !KEEPS -> d_step { change(FREE); HAS_NEWS(me) };             /* Leave::Forget */
    page_id[entry] = 0
  :: !KEEPS -> d_step { change(DETACHED); HAS_NEWS(me) }          /* Leave::Detach */
  fi;
  notify_room(me, 255)
}

/* So that two that do the same differ in nothing. */
#define FORGET_JOIN start = 0; at = 0; p = 0; p0 = 0; kept = NOWHERE; was = 0; k = 0; busy = 0
#define FORGET_CONSUMER FORGET_JOIN; entry = 0; next = 0; seen = 0; suspect = 0; mourned = 0; i = 0; idle = 0; id = 0

proctype Consumer(byte me; byte c) provided (RUNS) {
  byte id = ID(c), start, entry, next, at, p, p0, kept = NOWHERE, was, seen, suspect, mourned, k, i;
  bit busy, idle;
  {
    if
    :: start = NONE
#ifdef STARTS
    :: start = LATEST
    :: start = OLDEST
    :: start = RESUME
#endif
    fi;
again:
    attach();
    d_step { FORGET_JOIN };
#ifdef PARK
    HAS_NEWS(me);
#endif
    notify_room(me, 255);                                         /* attach_once */
arrives:
    do
#ifdef BREAK_R4 /* takes the first event for visible */
    :: d_step { next == 0 || VISIBLE(next) -> is_whole(next); lent[c] = next + 1 };
#else
    :: d_step { VISIBLE(next) -> is_whole(next); lent[c] = next + 1 };      /* Reader::look */
#endif
      read_event()
#ifndef STAYS
    :: goto leaving
#endif
    :: !VISIBLE(next) ->
      if
      :: ENDED ->
        /* Stream::end: what was published before the close is found by the look after it. P1: nothing is missing. */
#ifndef BREAK_END
        if :: VISIBLE(next) -> goto arrives :: else fi;
#endif
        assert(next == closed_at);
        goto leaving
      :: else
      fi;
      sleep_for_data(c, (VISIBLE(next) || ENDED), MOURNABLE);
      if
      :: idle ->
        /* Nobody published, closed or died without this one being told. A stopper ends the wait. */
        assert(!VISIBLE(next) && !ENDED && !MOURNABLE);
        goto leaving
      :: !idle && MOURNABLE -> check_producer()
      :: !idle && !MOURNABLE
      fi
    od;
leaving:
    leave();
    goto leaves;
evicted: skip;
    /* AttachError::Evicted: the process may ask for another start, with another description. */
    d_step {
      if :: lock_entry[entry] == me -> lock_entry[entry] = 0 :: else fi;
      if :: lock_id[id] == me -> lock_id[id] = 0 :: else fi;
      FORGET_JOIN; entry = 0; next = 0; start = LATEST
    };
    goto again;
leaves: skip;
    d_step { end_of(me); FORGET_CONSUMER }
  } unless { d_step { dying == me -> excuse(me); end_of(me); FORGET_CONSUMER; dying = 0 } }
}
