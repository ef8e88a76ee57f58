/* Which entry a consumer gets and where it begins: attach.rs, registry.rs, join.rs, entry.rs. The locals are those of
 * Consumer. */

/* The entry remembers this id (Joining::known). */
#define REMEMBERS(e) (state[e] != FREE && page_id[e] == id + 1)
/* Joining::pick: what may be had at all. Any of them is taken here, whatever its rank: that is more than the code does. */
#ifdef HOLD
#define DEAD_CLASS 0
#else
#define DEAD_CLASS 5
#endif
/* One that can be set back is one that gates (registry::rank). */
#define STATE_OF(e) (state[e] == JOINING && keeps[e] != 0 -> ACTIVE : state[e])
#define CLASS_OF(s) (s == FREE -> 1 : (s == CLAIMING || s == JOINING -> 2 : (s == EVICTED -> 3 : (s == DETACHED -> 4 : (s == RESERVED -> 0 : DEAD_CLASS)))))
#define CLASS(e) CLASS_OF(STATE_OF(e))
#define PICKABLE(e) (lock_entry[e] == 0 && CLASS(e) != 0)
#if NE == 1
#define ANY_PICKABLE PICKABLE(0)
#else
#define ANY_PICKABLE (PICKABLE(0) || PICKABLE(1))
#endif

/* Joining::lock. Under the lock nobody else writes to the entry, so looking again is one step. */
inline lock_known() {
  if
  :: d_step { lock_entry[entry] == 0 -> lock_entry[entry] = me };
    if
    :: REMEMBERS(entry) -> was = state[entry]; break
    :: else -> lock_entry[entry] = 0; busy = 1
    fi
  :: lock_entry[entry] != 0 -> busy = 1
  fi
}

/* Every change of an entry (entry::change): by the holder of its lock, from what it saw. */
inline change(to) {
  assert(lock_entry[entry] == me);
  assert(state[entry] == was);
  state[entry] = to;
  was = to
}

/* Takes the entry: whoever had it is dead or has left (R8). */
inline take(to) {
  assert(owner[entry] == 0 || owner[entry] == me || gone[owner[entry]]);
  owner[entry] = me;
  change(to)
}

/* join::decide: reads the published cursor once more and stores where to start. `at` is that, or GONE. `kept`: where the
 * entry has gated from all the time, of one that adopted it; else NOWHERE. */
#define GONE 255
#define NOWHERE 255
#define FLOOR(p) (kept < OLDEST_OF(p) -> kept : OLDEST_OF(p))
inline decide() {
#ifdef BREAK_R6 /* relies on the published cursor from before its entry was open */
  p = p0;
#else
  p = published;
#endif
  d_step {
  if
  :: start == OLDEST -> at = FLOOR(p)
  :: start == RESUME -> at = cursor[entry]
  :: else -> at = p
  fi;
  if
  :: at > p ->
    /* is_visible: never refused, since whoever stored that cursor saw the stamp. */
    assert(at - p <= Q);
#ifndef DENSE
    assert(stamp[(at - 1) % CAP] >= at)
#else
    assert(false)
#endif
  :: at < FLOOR(p) -> at = GONE
  :: else
  fi
  };
  /* It may rise from the provisional one, or from where it stood: room for a producer that waits. */
  if
  :: d_step { at != GONE -> cursor[entry] = at; HAS_NEWS(me); if :: kept != NOWHERE && at > kept -> saved[id] = at + 1 :: else fi }
  :: else
  fi
}

/* The last store of joining (entry::activate, adopt). L4: one process for an id, one entry for an id, its page whole. */
inline seated() {
  for (k : 0 .. NC - 1) {
    assert(k == c || !seat[k] || ID(k) != id || gone[NP + 1 + k])
  }
  for (k : 0 .. NE - 1) {
    assert(k == entry || !REMEMBERS(k))
  }
  k = 0;
  assert(page_id[entry] == id + 1 && cursor[entry] == at);
  seat[c] = 1;
  saved[id] = at + 1;
  next = at
}

/* Joining::resume, join::kept: goes on in an active or reserved entry. P1, R8: nothing of it was lost meanwhile. */
inline resume() {
  p = published;
  at = cursor[entry];
#ifndef DENSE
  if :: at > p -> assert(at - p <= Q && stamp[(at - 1) % CAP] >= at) :: else fi;
#else
  assert(at <= p);
#endif
  assert(p <= at + CAP);
#ifndef BREAK_R6_ADOPT
  assert(saved[id] == at + 1);
#endif
  d_step { take(ACTIVE); seated() }                                     /* entry::adopt */
}

/* Joining::move_to, join::relocate: on in an active entry, but elsewhere. */
inline move_to() {
  d_step { take(ACTIVE) };                                        /* entry::adopt */
  d_step { p0 = published; p0 = (start == OLDEST -> OLDEST_OF(p0) : p0); kept = cursor[entry] };       /* not_above, kept */
  if
  :: p0 >= kept ->                                                /* forward, or not at all: as a reader goes */
    decide();
    d_step { assert(at >= kept); seated(); kept = NOWHERE }
  :: else ->
#ifdef BREAK_R6_SINK /* the cursor sinks while the entry may be adopted */
    d_step { cursor[entry] = p0; saved[id] = p0 + 1 };
    d_step { change(JOINING) };
#else
#ifndef BREAK_KEEPS /* does not say where it stood */
    keeps[entry] = kept + 1;                                      /* ConsumerPage::set_kept */
#endif
    d_step { change(JOINING) };                                   /* entry::open */
    cursor[entry] = p0;
#endif
    decide();
    d_step { assert(at != GONE); change(ACTIVE); seated(); kept = NOWHERE; keeps[entry] = 0 }      /* entry::activate */
  fi
}

/* Joining::enter, join::provisional, join::finish. */
inline enter() {
#ifdef BREAK_R6_KEPT /* relies on a cursor from which the entry did not gate */
  if :: start == RESUME -> kept = cursor[entry] :: else fi;
#endif
  d_step { take(CLAIMING); keeps[entry] = 0 };                    /* entry::claim, ConsumerPage::set_kept: it does not gate yet */
  if :: start != RESUME -> page_id[entry] = 0 :: else fi;         /* ConsumerPage::forget_id */
  p0 = published;                                                 /* provisional, step 1 */
  if
  :: start == LATEST -> cursor[entry] = p0
  :: start == OLDEST -> cursor[entry] = OLDEST_OF(p0)
  :: else
  fi;
#ifndef BREAK_L4_PAGE
  page_id[entry] = id + 1;                                        /* ConsumerPage::enter */
#endif
#ifdef BREAK_R6_ADOPT /* active at once, so that the next one with the id adopts the provisional cursor */
  d_step { change(ACTIVE) };
#else
  d_step { change(JOINING) };                                     /* entry::open, step 2 */
#endif
  decide();                                                       /* step 3 */
  if
  :: at == GONE ->
    assert(start == RESUME);
    d_step { change(EVICTED) };                                   /* entry::leave */
    goto evicted
  :: else
  fi;
  d_step { change(ACTIVE); seated() }                             /* entry::activate, step 4 */
#ifdef BREAK_L4_PAGE /* active before its page is written */
  ;
  page_id[entry] = id + 1
#endif
}

/* attach_once, Joining::join. Ends at `seated` above, at `evicted` or at `leaves`. */
inline attach() {
  /* L4: the id first, for life. Who is refused tries again here. */
#ifdef BREAK_L4 /* no lock of the id */
  skip;
#else
  if
  :: d_step { lock_id[id] == 0 -> lock_id[id] = me }
  :: timeout -> goto leaves
  fi;
#endif
search:
  /* known */
  busy = 0;
  entry = 0;
  do
  :: entry < NE ->
    if
    :: REMEMBERS(entry) -> lock_known()
    :: else
    fi;
    entry++
  :: entry == NE -> break
  od;
  if
  :: entry == NE && busy ->
    /* Busy: somebody has it for a moment. If that were for long, the time-out shows it. */
#if NE == 1
    if
    :: lock_entry[0] == 0 || !REMEMBERS(0)
#else
    if
    :: !((lock_entry[0] != 0 && REMEMBERS(0)) || (lock_entry[1] != 0 && REMEMBERS(1)))
#endif
#ifdef BREAK_L4
    :: timeout -> goto leaves
#endif
    fi;
    goto search
  :: entry == NE && !busy ->
    if :: closed_at != OPEN -> goto leaves :: else fi;            /* Closed */
    if :: start == RESUME -> goto leaves :: else fi;              /* NotKnown */
    if :: start == NONE -> start = LATEST :: else fi;
    /* pick */
    if
    :: ANY_PICKABLE
    :: timeout -> goto leaves                                     /* NoFreeEntry */
    fi;
    entry = 0;
#if NE > 1
    if :: PICKABLE(0) :: PICKABLE(1) -> entry = 1 :: else fi;
#endif
    was = CLASS(entry);
    if
    :: d_step { was != 0 && lock_entry[entry] == 0 -> lock_entry[entry] = me };
      if
      :: CLASS(entry) == was -> was = state[entry]
      :: else -> lock_entry[entry] = 0; was = 0; goto search
      fi
    :: else -> was = 0; goto search
    fi;
    enter()
  :: entry < NE ->
    /* come_back */
    if
    :: was == JOINING && keeps[entry] != 0 ->
      d_step { take(JOINING); cursor[entry] = SET_BACK(entry); HAS_NEWS(me) };        /* join::set_back */
      d_step { change(ACTIVE); keeps[entry] = 0 }
    :: else
    fi;
    at = cursor[entry];
    k = (closed_at != OPEN && at >= closed_at);
    if
    :: was == EVICTED && (start == NONE || start == RESUME) -> k = 0; goto evicted
    :: was == EVICTED && closed_at != OPEN && !(start == NONE || start == RESUME) -> k = 0; goto leaves
    :: else
    fi;
    if
    :: k ->
      /* forget */
      k = 0;
      d_step { take(FREE) };
      page_id[entry] = 0;
      goto leaves
    :: else
    fi;
    if
    :: (was == ACTIVE || was == RESERVED) && start == NONE -> resume()
    :: (was == ACTIVE || was == RESERVED) && start == RESUME -> resume()
    :: (was == ACTIVE || was == RESERVED) && start != NONE && start != RESUME -> move_to()
    :: was != ACTIVE && was != RESERVED ->
      if
      :: start == NONE || start == RESUME -> start = RESUME; 
        /* A detached one goes on where it stopped, or nowhere. */
        assert(was != DETACHED || saved[id] == at + 1)
      :: else
      fi;
      enter()
    fi
  fi
}
