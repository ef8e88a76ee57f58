/* The name of a channel in shared memory and the files that it leads to one after the other: who may create, take over,
 * replace and unlink (L5), when all do so at once. Of the ring nothing is left here but: closed or not, read to the end
 * or not. As in ring.pml a step is one system call or one access to shared memory, and names what it stands for. */

#ifndef NP
#define NP 2             /* producers */
#endif
#ifndef NC
#define NC 1             /* consumers, of one id and one entry */
#endif
#ifndef KILLS
#define KILLS 1
#endif
/* BREAK_x: without what x demands; must fail. */
#define NN (NP + NC)
#define NF (2 * NP + 1)  /* files that can ever be made, and 0 for none */
#define ALIVE(p) (p != 0 && !gone[p])

byte name, files;                          /* the file that the name leads to; how many were made */
byte lock_producer[NF], lock_entry[NF];    /* on each file: who holds the lock (L1) */
bit closed[NF], superseded[NF];            /* closed-at, the control page's mark */
bit joined[NF], behind[NF];                /* the entry: a consumer's; and it has not read everything */

bit gone[NN + 1];                          /* ghosts */
bit retiring[NN + 1];
byte producing[NF];                        /* who believes to be the producer */
byte kills, dying;

#define RUNS (dying == 0 || dying == _pid)

/* The end of a process: its locks go with it. */
inline end_of(me) {
  gone[me] = 1;
  for (k : 1 .. NF - 1) {
    if :: lock_producer[k] == me -> lock_producer[k] = 0 :: else fi;
    if :: lock_entry[k] == me -> lock_entry[k] = 0 :: else fi;
    if :: producing[k] == me -> producing[k] = 0 :: else fi
  }
  k = 0;
  retiring[me] = 0
}

/* Place::publish_over, Place::unlink. L5: only the holder of the producer lock of the file that the name leads to, and
 * never under a live producer. */
inline name_changes(me, to) {
  assert(name != 0 && lock_producer[name] == me);
  assert(producing[name] == 0 || producing[name] == me);
  name = to
}

/* Create::enter: from here on it is the producer of `file`. */
inline produces(me) {
  assert(producing[file] == 0 || producing[file] == me);
  assert(lock_producer[file] == me);
  assert(!closed[file]);
  producing[file] = me
}

/* Segment::is_last: others who live, those who could come back, and the name, one after the other. */
inline is_last(me, answer) {
  answer = 0;
  if
  :: joined[file] && lock_entry[file] != 0 && lock_entry[file] != me      /* anyone_left */
  :: else ->
    if
    :: joined[file] && behind[file]                                       /* can_be_resumed */
    :: else -> answer = (name == file)                                    /* still_names */
    fi
  fi
}

/* Segment::retire: with the producer lock of `file` held. */
inline retire(me) {
  retiring[me] = 1;
  do
  :: true ->
    is_last(me, last);
    if
#ifdef BREAK_UNLINK /* gives the lock back, and then removes the name */
    :: last -> lock_producer[file] = 0; d_step { name_changes(me, 0) }
#else
    :: last -> d_step { name_changes(me, 0) }
#endif
    :: else
    fi;
    d_step { if :: lock_producer[file] == me -> lock_producer[file] = 0 :: else fi };
#ifdef BREAK_RETIRE /* does not look again */
    break;
#endif
    if :: last -> break :: else fi;
    is_last(me, last);
    if :: !last -> break :: else fi;
    last = 0;
    if
    :: d_step { lock_producer[file] == 0 -> lock_producer[file] = me }    /* try_lock */
    :: lock_producer[file] != 0 -> break
    fi
  od;
  retiring[me] = 0;
  last = 0
}

#define FORGET file = 0; draft = 0; last = 0; k = 0

proctype Producer(byte me) provided (RUNS) {
  byte file, draft, k;
  bit last, locked;
  {
    skip;
again:
    file = name;                                                          /* Place::open_existing */
    if
    :: file == 0 ->
      /* Create::anew */
      d_step { files++; draft = files; lock_producer[draft] = me };       /* Create::draft */
      if
      :: d_step { name == 0 -> name = draft; file = draft }               /* Place::publish: link */
      :: d_step { name != 0 -> lock_producer[draft] = 0; draft = 0 };
        goto leaves
      fi
    :: else ->
      /* Create::over_existing */
      if
      :: d_step { lock_producer[file] == 0 -> lock_producer[file] = me; locked = 1 }
      :: lock_producer[file] != 0
      fi;
#ifndef BREAK_L5 /* L5: does the name still lead to what was locked? */
      if
      :: name == file
      :: name != file ->
        d_step { if :: locked -> lock_producer[file] = 0 :: else fi; locked = 0; file = 0 };
        goto again
      fi;
#endif
      if :: !locked -> goto leaves :: else fi;                            /* AlreadyExists */
      if
      :: !closed[file] && !superseded[file]                               /* over_segment: taken over in place */
      :: closed[file] || superseded[file] || locked ->                    /* also `.fresh()`: Create::replace */
#ifdef CREATORS_FAIL
        if :: goto leaves :: true fi;                                     /* draft: NoSpace */
#endif
#ifdef BREAK_DRAFT /* the new file gets the name before its lock is held */
        d_step { files++; draft = files };
        d_step { name_changes(me, draft) };
        if
        :: d_step { lock_producer[draft] == 0 -> lock_producer[draft] = me }
        :: else
        fi;
#else
        d_step { files++; draft = files; lock_producer[draft] = me };
        d_step { name_changes(me, draft) };                               /* publish_over: rename */
#endif
        superseded[file] = 1;                                             /* ControlPage::supersede */
        d_step { if :: lock_producer[file] == me -> lock_producer[file] = 0 :: else fi; file = draft }
      fi
    fi;
    d_step { locked = 0; draft = 0; produces(me) };
    /* A live producer keeps its name, whatever the others do. */
    assert(name == file);
    if
    :: d_step { closed[file] = 1; producing[file] = 0 };                  /* Publisher::close */
      retire(me)                                                          /* Segment::producer_closed */
    :: true                                                               /* detaches, or dies */
    fi;
leaves: skip;
    d_step { end_of(me); locked = 0; FORGET }
  } unless { d_step { dying == me -> end_of(me); locked = 0; FORGET; dying = 0 } }
}

proctype Consumer(byte me) provided (RUNS) {
  byte file, draft, k;
  bit last;
  {
    skip;
again:
    file = name;                                                          /* attach::find */
    if :: file == 0 -> goto leaves :: else fi;                            /* NotFound */
    if
    :: d_step { lock_entry[file] == 0 -> lock_entry[file] = me }          /* the id, the entry (L4) */
    :: lock_entry[file] != 0 -> goto leaves
    fi;
    if
    :: name == file && !superseded[file]                                  /* L5 */
    :: else -> d_step { lock_entry[file] = 0; file = 0 }; goto again
    fi;
    if
    :: joined[file] -> if :: closed[file] && !behind[file] -> goto leaving :: else fi       /* come_back */
    :: !joined[file] -> if :: closed[file] -> goto leaves :: else fi                        /* Verdict::Closed */
    fi;
    d_step { joined[file] = 1; behind[file] = 1 };
    /* Stream::check: something of this happens to everybody who waits (P2). */
    if
    :: closed[file] -> behind[file] = 0                                   /* drained */
    :: superseded[file]
    :: name != file
    :: lock_producer[file] == 0
    :: true                                                               /* it leaves before */
    fi;
leaving:
    joined[file] = 0;                                                     /* Segment::leave */
    if
    :: closed[file] ->
      /* lock_patiently: a creator gives it back soon; one who sees to the name is not waited for. */
      if
      :: d_step { lock_producer[file] == 0 -> lock_producer[file] = me }; retire(me)
      :: lock_producer[file] != 0 && retiring[lock_producer[file]]
      fi
    :: else
    fi;
leaves: skip;
    d_step { end_of(me); FORGET }
  } unless { d_step { dying == me -> end_of(me); FORGET; dying = 0 } }
}

proctype Killer() provided (RUNS) {
  byte v;
  do
  :: atomic { kills < KILLS ->
      select(v : 1 .. NN);
      if :: !gone[v] -> dying = v; kills++ :: else fi;
      v = 0
    }
  :: break
  od
}

init {
  byte i = 1;
  atomic {
    do :: i <= NP -> run Producer(i); i++ :: else -> break od;
    do :: i <= NN -> run Consumer(i); i++ :: else -> break od;
    run Killer();
    i = 0
  }
  /* When all have ended: a closed channel has taken its name along, unless somebody was killed on the way or could still
   * come back to read on. */
  timeout;
  i = 1;
  do
  :: i <= NN -> assert(gone[i]); i++
  :: else -> break
  od;
  assert(name == 0 || !closed[name] || kills > 0 || (joined[name] && behind[name]))
}
