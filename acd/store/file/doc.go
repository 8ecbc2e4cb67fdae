// Package file is an [acd.Storage] in a directory, of the standard library alone:
// what a Router has acknowledged is there after the process was killed, or the
// machine lost power.
//
//	store, err := file.Open("/var/lib/pbx/acd", file.Options{})
//	…
//	router, err := acd.Open(ctx, acd.Options{Storage: store})
//	…
//	err = router.Close(ctx) // stores the rest
//	err = store.Close()
//
// # What is in the directory
//
//	acd.log       the state: a snapshot, and behind it every batch since
//	acd.mark      64 bytes that say how much of the log was acknowledged
//	acd.lock      locked while a process has the store open; empty
//	acd.log.new   and acd.log.fix, acd.mark.new: being written; removed by Open
//
// A batch is one write at the end of the log and one sync of it (fdatasync on
// Linux). The Router puts into a batch whatever changed while the last one was being
// synced, so that many callers share a sync. When the log has grown by
// Options.CompactAfter and has doubled, it is written anew beside the old one, while
// batches go on, and takes its name by a rename; the directory is synced before
// anything is added to it. Files are made for their owner alone: they hold the
// telephone numbers of callers. The format has a version in both files; a newer one
// is refused with a [VersionError]. The whole state is in memory a second time, so
// that no damage of the disk gets into a new log.
//
// Only one process may have a directory open: the second gets [ErrLocked]. The lock
// is the system's (flock, or a file that is not shared on Windows) and ends with the
// process. Systems that have neither in the standard library use a file that must be
// removed by hand after a crash. Do not put the directory on a network file system.
//
// # Torn, or damaged
//
// A crash may tear the batch that was being written: the log then ends within it, or
// sectors of it were never written. Nobody was told that it was kept, so [Open] drops
// it and says nothing. Everything else that cannot be read was kept once and is damage:
// Open, [Check] and [Dump] say so with a [DamageError] that names file and offset, and
// nothing of the store is used, for half of a state would be worse than none.
//
// How the two are told apart: the next batch is not written before the last one was
// synced, so that at any time at most one, the last, is not yet on the disk. A frame that
// cannot be read is torn if it is the last thing in the log, lies behind what
// acd.mark says was acknowledged, and something of it was never written: the file ends
// within it, or a sector of it reads as zeros. A bit that flips leaves neither behind.
// The mark is written after the sync and before Commit returns, but not synced itself.
//
//   - After the death of the process, or a clean [Store.Close], it is exact: no bit of
//     what was acknowledged can flip, and no byte be cut off, without being found.
//   - After a loss of power it may be some seconds old. A flipped bit is found all the
//     same; what is not found is that whole batches behind the mark were cut off the
//     end, which looks like a log that has not got so far.
//
// So is a log found that is older than its mark, one of another store, and a file that
// is missing. The one thing that no checksum finds is a directory that was put back as a
// whole to an earlier time.
//
// # When the disk fails
//
// A write that fails, or for which there is no room, is cut off again, and the store goes
// on; every Commit fails until there is room. A sync that fails says nothing about
// what is on the disk, and is not tried again on the same file: the next Commit writes
// the whole log anew from memory. The Router tries again by itself; Health tells.
//
// # Figures
//
// By the benchmarks of this package, medians of five runs on two cores that others
// kept busy: 910 acknowledged operations a second with one caller at a time (half of
// them within 0.19 ms, 99 % within 10 ms), 4,300 with 8 (0.34 and 20 ms), 41,000 with
// 64 (0.75 and 18 ms). A month of 20 agents and 1,000 calls a day, from 30,000 numbers,
// leaves a log of 5 to 6 MB. With 10,000 agents and 100,000 waiting calls it has 60 MB;
// reading it takes 0.3 s of processor time, restoring the Router out of it 3 s.
package file
