/* A producer: create.rs, publisher.rs, gate.rs, room.rs, publish.rs, mod.rs. */

/* There is room for n more: what a scan would find. */
#define ROOM_AT(e) (!GATES(e) || cursor[e] + CAP >= next + n)
/* It gates, is dead, and may be let go: what a check would find. */
#ifdef HOLD
#define LETTABLE(e) (!ROOM_AT(e) && lock_entry[e] == 0 && state[e] == JOINING)
#define KEPT(e) (!ROOM_AT(e) && (lock_entry[e] == 0 && state[e] == ACTIVE || state[e] == RESERVED))
#else
#define LETTABLE(e) (!ROOM_AT(e) && lock_entry[e] == 0)
#define KEPT(e) false
#endif
#if NE == 1
#define ROOM ROOM_AT(0)
#define DEAD_GATE LETTABLE(0)
#define GATE_IS_KEPT KEPT(0)
#else
#define BEHIND(a, b) (GATES(a) && (!GATES(b) || cursor[a] <= cursor[b]))
#define ROOM (ROOM_AT(0) && ROOM_AT(1))
#define DEAD_GATE (LETTABLE(0) && BEHIND(0, 1) || LETTABLE(1) && !BEHIND(0, 1))
#define GATE_IS_KEPT (KEPT(0) && BEHIND(0, 1) || KEPT(1) && !BEHIND(0, 1))
#endif

/* Publisher::scan, gate::scan: one entry word, one cursor at a time. */
inline scan() {
  gate = 255;
  g = NE;
  i = 0;
  do
  :: i < NE && GATES(i) ->
    d_step {
      least = (cursor[i] < next -> cursor[i] : next);
      if :: least < gate -> gate = least; g = i :: else fi;
      least = 0;
      i++
    }
  :: i < NE && !GATES(i) -> i++
  :: i == NE -> break
  od;
  atomic {
    i = 0;
#ifdef BREAK_R2 /* one more than the slowest has left behind */
    limit = (gate + CAP + 1 < next + Q -> gate + CAP + 1 : next + Q);
#else
#ifdef BREAK_R2_QUANTUM /* no bound but the slowest: a joining consumer cannot know how far the last scan went */
    limit = (gate == 255 -> next + CAP : gate + CAP);
#else
    limit = (gate + CAP < next + Q -> gate + CAP : next + Q);
#endif
#endif
    gate = 0
  }
}

/* Segment::evict: who has the lock knows that the owner is dead; then it looks again (L3, L6). */
/* BREAK_HOLD: whether it may be evicted is decided by a look at its state before the lock is taken. */
inline evict(me, e) {
#ifdef BREAK_L3 /* acts on what F_OFD_GETLK said a moment ago */
  if
  :: state[e] == ACTIVE -> d_step { was = ACTIVE }
  :: else -> goto waits
  fi;
  let_go(me, e, EVICTED);
#else
  if
#ifdef BREAK_R8 /* whoever is in the way is let go */
  :: true -> skip
#else
  :: d_step { lock_entry[e] == 0 -> lock_entry[e] = me }
#endif
  :: lock_entry[e] != 0 -> goto waits
  fi;
  was = state[e];
  if
#ifdef BREAK_L6_EVICT /* does not look again: evicts what it saw before it had the lock */
  :: true -> let_go(me, e, EVICTED)
#else
#if !defined(HOLD) || defined(BREAK_HOLD)
  :: was == ACTIVE -> let_go(me, e, EVICTED)
#endif
  :: was == JOINING && keeps[e] != 0 ->                            /* unseat, join::set_back */
    d_step { assert(gone[owner[e]]); cursor[e] = SET_BACK(e) };
    d_step { assert(state[e] == JOINING); state[e] = ACTIVE; keeps[e] = 0 }
  :: was == JOINING && keeps[e] == 0 -> let_go(me, e, FREE)
  :: else
#endif
  fi;
#ifndef BREAK_R8
  d_step { was = 0; lock_entry[e] = 0 }
#endif
#endif
}

/* entry::evict, entry::leave. R8: the one whose entry it is must be dead; and nobody else may be changing it. */
inline let_go(me, e, to) {
  d_step {
    assert(gone[owner[e]]);
#ifndef BREAK_L6_EVICT
    assert(state[e] == was);
#endif
#ifdef HOLD
    assert(state[e] == JOINING);
#endif
    state[e] = to
  }
}

/* One slot, in two steps. */
inline write(me, s) {
  d_step {
    /* R2, R5: nobody reads there, and nobody who is still to read there and gates, dead or alive, loses it. */
    for (k : 0 .. NC - 1) {
      assert(lent[k] == 0 || (lent[k] - 1) % CAP != (s) % CAP)
    }
    for (k : 0 .. NE - 1) {
      assert((state[k] != ACTIVE && state[k] != RESERVED) || cursor[k] + CAP > (s))
    }
#ifdef REQUIRED
    /* Attached or not, the required one gets every event. */
    assert(saved[0] - 1 + CAP > (s));
#endif
    /* R9: what was visible once is never written over by another event of the same number. */
    assert(writer[s] == 0);
    assert(lock_producer == me);
    k = 0;
    slot[(s) % CAP] = TORN
  }
  slot[(s) % CAP] = EVENT(s, me)
}

/* The step with which s becomes visible. */
inline shown(me, s) {
  assert(slot[(s) % CAP] == EVENT(s, me));     /* R3 */
  assert(writer[s] == 0);                      /* R9 */
  writer[s] = me;
  HAS_NEWS(me)
}

/* Ring::show, and what commit does after it. */
inline publish(me) {
#ifndef DENSE
  i = 0;
  do
  :: atomic { i < n -> shown(me, next + i); stamp[(next + i) % CAP] = next + i + 1; i++ }
  :: else -> break
  od;
  atomic { i = 0; assert(lock_producer == me && published <= next); published = next + n; next = next + n }   /* R1 */
#else
  d_step {
    for (i : 0 .. n - 1) { shown(me, next + i) }
    i = 0;
    assert(lock_producer == me && published <= next);
    published = next + n;
    next = next + n
  }
#endif
  notify_data(me, 1)
}

/* So that two that ended differ in nothing. */
#define FORGET_PRODUCER next = 0; limit = 0; n = 0; i = 0; k = 0; g = 0; gate = 0; least = 0; was = 0; seen = 0; idle = 0

proctype Producer(byte me) provided (RUNS) {
  byte next, limit, n, i, k, g, gate, least, was, seen;
  bit idle;
  {
    /* create.rs, over_existing: lock_patiently. A successor waits here; the real one is refused and tries again. */
    if
#ifdef BREAK_R1 /* takes over what looks dead: no lock */
    :: me > 1 && lock_producer != 0
#endif
    :: d_step { lock_producer == 0 -> lock_producer = me }
    :: timeout -> goto leaves
    fi;
    /* over_segment: a closed one is replaced, which names.pml is about. */
    if :: closed_at != OPEN -> goto leaves :: else fi;
    /* Publisher::take_over (R9) */
    next = published;
#ifndef DENSE
#ifndef BREAK_R9
    do
    :: atomic { next < LAST && stamp[next % CAP] == next + 1 -> next++ }
    :: else -> break
    od;
#endif
    atomic { assert(lock_producer == me && published <= next); published = next };
#endif
    limit = next;
    /* producer_ready: ProducerPage::enter */
    d_step { epoch++; number[epoch] = me };

    do
    :: next < LAST ->
      n = 1;
#if Q > 1
      if :: next + 2 <= LAST -> n = 2 :: true fi;
#endif
      /* Producer::reserve, Room::look */
      do
      :: limit >= next + n -> break
      :: else ->
        scan();
        if
        :: limit >= next + n -> goto again
        :: else
        fi;
        /* Room::let_go_if_dead: is_alive, then has_a_place */
#ifdef BREAK_R8
        if
        :: true -> skip
#else
        if
        :: lock_entry[g] == 0
#ifdef HOLD
          -> if :: state[g] != ACTIVE && state[g] != RESERVED :: else -> goto waits fi
#endif
        :: lock_entry[g] != 0 -> goto waits
#endif
        fi;
        evict(me, g);
        goto again;
waits:
        sleep_for_room(ROOM, DEAD_GATE);
        if
        :: idle ->
          /* Nobody is waited for but a dead one whose place is kept (OnConsumerDeath). A stopper ends that. */
          assert(!ROOM && !DEAD_GATE && GATE_IS_KEPT);
          goto detaches
        :: else
        fi;
again:  g = 0
      od;
#ifdef BREAK_R3 /* shows a slot that is half written */
      slot[next % CAP] = TORN;
      publish(me);
      slot[(next - 1) % CAP] = EVENT(next - 1, me)
#else
      write(me, next);
#if Q > 1
      if :: n == 2 -> write(me, next + 1) :: else fi;
#endif
      publish(me)
#endif
      ;
      n = 0
    :: next == LAST -> break
#ifdef PARK /* it closes when nobody does anything any more */
    :: next == LAST -> timeout -> break
#endif
    :: me < NP -> goto detaches
    od;
    if
    :: true ->
      d_step { closed_at = next; closer = me; HAS_NEWS(me) }       /* Publisher::close */
    :: me < NP ->
detaches: skip;
      d_step { detached = epoch; HAS_NEWS(me) }                    /* ProducerPage::detach */
    fi;
    notify_data(me, 0);                                            /* wake_now */
leaves: skip;
    d_step { end_of(me); FORGET_PRODUCER }
  } unless { d_step { dying == me -> excuse(me); end_of(me); FORGET_PRODUCER; dying = 0 } }
}
