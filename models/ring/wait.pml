/* Sleeping and waking: wait/word.rs, wait/mod.rs. Without PARK one who waits sees at once what there is to see, and no
 * other step is spent on it.
 *
 * `timeout` is true when nobody in the whole model can make another step. Whoever waits then must have nothing to wait
 * for: each such wait has an assertion that says so, and a lost wake-up, a wait for the dead or a deadlock breaks it.
 * A sleep that is interrupted earlier is one that had not begun. */

#ifdef PARK
byte data_word, data_bits, room_word, room_bits, room_wanted;
bit data_sleeps[NC], room_sleeps;
bit waking[NN + 1];      /* ghost: it has news that it did not tell yet */
bit excused;             /* ghost: it was killed there, so the time-out of the sleep has to do (W3) */
#define excuse(v) if :: waking[v] -> excused = 1 :: else fi
#define HAS_NEWS(me) waking[me] = 1
/* The time-out of a sleep found something: only if whoever should have told it was killed before it did. */
#define woken_late(news) if :: news -> assert(excused) :: else -> idle = 1 fi
#else
#define excuse(v) skip
#define HAS_NEWS(me) skip
#endif

/* WaitWord::notify on the consumers' word, after the news were stored. `ask` = 0 is wake_now. */
inline notify_data(me, ask) {
#ifdef PARK
  if
  :: ask && data_bits == 0                                        /* notify: the one load */
  :: !ask || data_bits != 0 ->
    if :: ask -> data_bits = 0 :: else fi;                        /* wake */
    data_word++;                                                  /* wake_now */
    d_step { for (i : 0 .. NC - 1) { data_sleeps[i] = 0 } i = 0 } /* futex::wake_all */
  fi;
  waking[me] = 0
#else
  skip
#endif
}

/* WaitWord::notify_reached on the producer's word. */
inline notify_room(me, reached) {
#ifdef PARK
  if
  :: room_bits == 0
  :: room_bits != 0 ->
    if
    :: reached < room_wanted
    :: reached >= room_wanted ->
      room_bits = 0;
      room_word++;
      room_sleeps = 0
    fi
  fi;
  waking[me] = 0
#else
  skip
#endif
}

/* WaitWord::sleep of a consumer. `news` is what its last look finds, `check` that a check for dead peers finds something:
 * the time-outs of sleeps are short enough for that. Goes on when there may be something. */
inline sleep_for_data(c, news, check) {
#ifdef PARK
#ifdef BREAK_W1 /* announces itself, and then reads the word */
  data_bits = data_bits | (1 << entry);
  seen = data_word;
#else
  seen = data_word;                                               /* read */
  data_bits = data_bits | (1 << entry);                           /* announce */
#endif
  if
#ifdef BREAK_W2 /* no look after the announcement */
#else
  :: news
#endif
  :: else ->
    d_step { if :: data_word == seen -> data_sleeps[c] = 1 :: else fi };   /* futex::wait */
    if
    :: data_sleeps[c] == 0
    :: check -> data_sleeps[c] = 0
    :: timeout -> data_sleeps[c] = 0; woken_late(news)
    fi
  fi;
  seen = 0
#else
  if
  :: news || check
  :: timeout -> idle = 1
  fi
#endif
}

/* The same of a producer that wants n slots (Await::wanted: it sleeps until the slowest has left as many). */
inline sleep_for_room(news, check) {
#ifdef PARK
  seen = room_word;
  room_wanted = (next + n > CAP -> next + n - CAP : 0);                                           /* announce */
  room_bits = 1;
  if
  :: news
  :: else ->
    d_step { if :: room_word == seen -> room_sleeps = 1 :: else fi };
    if
    :: room_sleeps == 0
    :: check -> room_sleeps = 0
    :: timeout -> room_sleeps = 0; woken_late(news)
    fi
  fi;
  seen = 0
#else
  if
  :: news || check
  :: timeout -> idle = 1
  fi
#endif
}
