package queue

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/acdkit/acdkit/agent"
)

// check verifies the structure of a line, and that it is as thrifty as it
// promises to be.
func (l *Line) check() error {
	var blocks []*block
	if l.root != nil {
		if l.root.parts < 2 {
			return fmt.Errorf("root of %d parts", l.root.parts)
		}
		height, err := l.root.check(nil, nil, &blocks)
		if err != nil {
			return err
		}
		if limit := bits.Len(uint(len(blocks))) + 1; height > limit {
			return fmt.Errorf("height %d with %d blocks", height, len(blocks))
		}
	} else if l.last != nil {
		blocks = append(blocks, l.last)
	}
	size, wanting := 0, 0
	var before *key
	for i, b := range blocks {
		if b.line != l || b.used == 0 || b.most != slices.Max(b.wants[:]) {
			return fmt.Errorf("block %d: %b, most %d of %d", i, b.used, b.most, b.wants)
		}
		for s, e := range b.entries {
			if (e != nil) != (b.used>>s&1 != 0) || e == nil && b.wants[s] != 0 {
				return fmt.Errorf("block %d slot %d", i, s)
			}
			if e == nil {
				continue
			}
			k := e.key()
			if e.block != b || int(e.slot) != s || before != nil && !before.less(&k) {
				return fmt.Errorf("block %d slot %d: %v after %v", i, s, k, before)
			}
			before = &k
			size++
			if b.wants[s] > 0 {
				wanting++
			}
		}
	}
	if size != l.size || wanting != l.wanting {
		return fmt.Errorf("%d entries, %d counted; %d wanting, %d counted", size, l.size, wanting, l.wanting)
	}
	if n := len(blocks); n > 0 && blocks[n-1] != l.last || n == 0 && l.last != nil {
		return fmt.Errorf("last block")
	}
	return nil
}

// check verifies what is under a node, whose keys are from low up to high.
func (n *node) check(low, high *key, blocks *[]*block) (height int, err error) {
	for i := range int(n.parts) {
		lo, hi := low, high
		if i > 0 {
			lo = &n.low[i]
		}
		if i+1 < int(n.parts) {
			hi = &n.low[i+1]
		}
		if b := n.blocks[i]; b != nil {
			*blocks = append(*blocks, b)
			if b.up != n || int(b.at) != i || n.count(i) != b.len() || n.want[i] != b.most {
				return 0, fmt.Errorf("block %d of its node", i)
			}
			for s := range b.each() {
				if k := b.entries[s].key(); lo != nil && k.less(lo) || hi != nil && !k.less(hi) {
					return 0, fmt.Errorf("%v not within %v and %v", k, lo, hi)
				}
			}
			continue
		}
		part := n.nodes[i]
		sum := part.sum()
		if part.up != n || int(part.at) != i || int32(n.count(i)) != sum.count || n.want[i] != sum.want || part.parts == 0 {
			return 0, fmt.Errorf("node %d of its node", i)
		}
		if height, err = part.check(lo, hi, blocks); err != nil {
			return 0, err
		}
	}
	for i := int(n.parts); i < fan; i++ {
		if n.blocks[i] != nil || n.nodes[i] != nil || n.want[i] != 0 || n.before[i+1] != 0 {
			return 0, fmt.Errorf("part %d of %d", i, n.parts)
		}
	}
	return height + 1, nil
}

// naive is a line as a sorted slice.
type naive []*Entry

func (n *naive) insert(e *Entry) {
	i, _ := slices.BinarySearchFunc(*n, e, func(a, b *Entry) int {
		ka, kb := a.key(), b.key()
		switch {
		case ka.less(&kb):
			return -1
		case kb.less(&ka):
			return 1
		}
		return 0
	})
	*n = slices.Insert(*n, i, e)
}

func (n *naive) remove(e *Entry) {
	i := slices.Index(*n, e)
	*n = slices.Delete(*n, i, i+1)
}

// class returns the index of the first of a class and the one behind its last.
func (n naive) class(e *Entry) (first, end int) {
	first = slices.IndexFunc(n, func(other *Entry) bool { return other.class() >= e.class() })
	if first < 0 {
		first = len(n)
	}
	for end = first; end < len(n) && n[end].class() == e.class(); {
		end++
	}
	return first, end
}

func TestB53_LineIsASortedSlice(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			testAgainstSlice(t, rand.New(rand.NewPCG(seed, 1)), 12_000)
		})
	}
}

// A line long enough for nodes over nodes, with nothing to compare with.
func TestB53_LongLineStaysSound(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	entries := make([]Entry, 60_000)
	var line Line
	for i := range entries {
		entries[i].Seq, entries[i].Effective = uint64(i+1), agent.Instant(i+1)
	}
	for _, i := range r.Perm(len(entries)) {
		line.Insert(&entries[i])
		line.SetWant(&entries[i], uint8(i))
	}
	for round := range 6 {
		if err := line.check(); err != nil {
			t.Fatal(err)
		}
		if line.root.nodes[0] == nil && round == 0 {
			t.Fatal("not long enough")
		}
		for range 100 {
			p := 1 + r.IntN(line.Len())
			if e := line.At(p); line.Position(e) != p {
				t.Fatalf("position %d is %d", p, line.Position(e))
			}
		}
		// Out of the middle, everything; then out of the rest, most.
		from, n := r.IntN(line.Len()/2), line.Len()/4
		for e := range line.From(from) {
			if n--; n < 0 {
				break
			}
			line.Remove(e)
		}
		for e := range line.From(1) {
			if r.IntN(3) > 0 {
				line.Remove(e)
			}
		}
		at := 1 + r.IntN(line.Len())
		for i := range 2000 {
			line.InsertAt(&Entry{Seq: uint64(100_000*(round+1) + i)}, at+i%2)
		}
	}
}

func testAgainstSlice(t *testing.T, r *rand.Rand, steps int) {
	var (
		line Line
		want naive
		seq  uint64
	)
	compare := func() {
		t.Helper()
		if err := line.check(); err != nil {
			t.Fatal(err)
		}
		got := slices.Collect(line.From(1))
		if !slices.Equal(got, want) {
			t.Fatal("another order than the slice")
		}
		for i, e := range want {
			if line.Position(e) != i+1 || line.At(i+1) != e {
				t.Fatalf("position %d is %d", i+1, line.Position(e))
			}
		}
	}
	grow := true
	some := func() *Entry { return want[r.IntN(len(want))] }
	for step := range steps {
		if step%2500 == 0 {
			compare()
		}
		switch {
		case len(want) > 1500:
			grow = false
		case len(want) < 5:
			grow = true
		}
		add := r.IntN(10) < 3
		if grow {
			add = !add
		}
		if add || len(want) == 0 {
			seq++
			e := &Entry{Seq: seq, Effective: agent.Instant(step + 1)}
			if r.IntN(4) == 0 {
				e.Priority = r.IntN(3) * 50
				e.VIP = r.IntN(5) == 0
				e.Effective -= agent.Instant(r.IntN(1 + step/2))
			}
			if r.IntN(4) > 0 {
				line.Insert(e)
				want.insert(e)
			} else {
				first, end := want.class(e)
				position := r.IntN(len(want)+3) - 1
				if r.IntN(2) == 0 {
					position = first + 2
				}
				line.InsertAt(e, position)
				at := min(max(position-1, first), end)
				if at == end && first < end && want[end-1].Place().less(e.natural()) && e.Place() != e.natural() {
					t.Fatal("with none behind it keeps its own place")
				}
				want = slices.Insert(want, at, e)
			}
			line.SetWant(e, [...]uint8{0, 1, 7, 255}[r.IntN(4)])
		} else {
			switch e := some(); r.IntN(8) {
			case 0:
				line.Change(e, func(e *Entry) { e.Priority = 100 - e.Priority })
				want.remove(e)
				want.insert(e)
			case 1: // out and back, as after a restart
				place, w := e.Place(), line.Want(e)
				line.Remove(e)
				e.block, e.asked = nil, nil
				e.SetPlace(place)
				line.Restore(e)
				line.SetWant(e, w)
			case 2:
				e := want[0]
				line.Remove(e)
				want.remove(e)
			default:
				line.Remove(e)
				want.remove(e)
				if line.Position(e) != 0 || line.Want(e) != 0 {
					t.Fatal("still there")
				}
			}
		}
		if line.Len() != len(want) {
			t.Fatalf("%d entries, not %d", line.Len(), len(want))
		}
		if len(want) == 0 {
			continue
		}
		a, b := r.IntN(len(want)), r.IntN(len(want))
		if line.Position(want[a]) != a+1 || line.At(b+1) != want[b] || line.Before(want[a], want[b]) != (a < b) {
			t.Fatal("positions differ")
		}
		line.SetWant(want[a], [...]uint8{0, 0, 0, 1, 7, 255}[r.IntN(6)])
		least := uint8(r.IntN(9))
		if r.IntN(2) == 0 {
			least = 255
		}
		i := b + 1
		for i < len(want) && line.Want(want[i]) < max(least, 1) {
			i++
		}
		next := line.NextWanting(want[b], least)
		if i < len(want) && next != want[i] || i == len(want) && next != nil {
			t.Fatalf("next wanting %d after %d", least, b)
		}
	}
	compare()
	for _, e := range want {
		line.Remove(e)
	}
	if line.Len() != 0 || line.First() != nil || line.Wanting() != 0 || line.NextWanting(nil, 0) != nil || line.At(1) != nil {
		t.Fatal("not empty")
	}
}

func TestB50_VIPThenPriorityThenAge(t *testing.T) {
	t.Parallel()
	entries := []*Entry{
		{ID: "old", Effective: 10, Seq: 4},
		{ID: "young", Effective: 20, Seq: 1},
		{ID: "same age, later", Effective: 20, Seq: 2},
		{ID: "urgent", Priority: 100, Effective: 30, Seq: 3},
		{ID: "VIP", VIP: true, Effective: 40, Seq: 5},
		{ID: "urgent VIP", VIP: true, Priority: 1, Effective: 50, Seq: 6},
	}
	var line Line
	for _, e := range entries {
		line.Insert(e)
	}
	expect(t, &line, "urgent VIP", "VIP", "urgent", "old", "young", "same age, later")
	// B51: the place changes at once with the priority, and what it wants stays.
	line.SetWant(entries[1], 255)
	line.Change(entries[1], func(e *Entry) { e.VIP = true })
	expect(t, &line, "urgent VIP", "young", "VIP", "urgent", "old", "same age, later")
	if line.Want(entries[1]) != 255 {
		t.Error("what it wants is lost")
	}
}

func TestB50_AskedPlaceStaysWhilePriorityDoes(t *testing.T) {
	t.Parallel()
	line := lineOf("a", "b", "c")
	e := &Entry{ID: "x", Effective: 100, Seq: 100}
	line.InsertAt(e, 2)
	expect(t, line, "a", "x", "b", "c")
	line.Change(e, func(e *Entry) { e.Effective = 90 })
	expect(t, line, "a", "x", "b", "c")
	line.Change(e, func(e *Entry) { e.Priority = 1 })
	expect(t, line, "x", "a", "b", "c")
	line.Change(e, func(e *Entry) { e.Priority = 0 })
	expect(t, line, "a", "b", "c", "x")
}

func TestB52_AskedPositionTakesTheAgeOfWhoStandsBehind(t *testing.T) {
	t.Parallel()
	line := lineOf("a", "b", "c")
	e := &Entry{ID: "x", Effective: 100, Seq: 100}
	line.InsertAt(e, 2)
	expect(t, line, "a", "x", "b", "c")
	if got := e.Place().Effective; got != 2 {
		t.Errorf("effective %d, not that of b", got)
	}
	line.InsertAt(&Entry{ID: "y", Effective: 101, Seq: 101}, 2)
	line.InsertAt(&Entry{ID: "z", Effective: 102, Seq: 102}, 3)
	expect(t, line, "a", "y", "z", "x", "b", "c")
}

func TestB52_WithNoneBehindItKeepsItsAge(t *testing.T) {
	t.Parallel()
	line := lineOf("a", "b")
	young := &Entry{ID: "young", Effective: 100, Seq: 100}
	line.InsertAt(young, 99)
	if young.Place() != young.natural() {
		t.Error("it gave up its own age")
	}
	// but not an earlier one than that of who stands before it.
	old := &Entry{ID: "old", Effective: 1, Seq: 101}
	line.InsertAt(old, 99)
	expect(t, line, "a", "b", "young", "old")
	if got := old.Place().Effective; got != 100 {
		t.Errorf("effective %d", got)
	}
}

func TestB52_NoFurtherThanItsOwnPriority(t *testing.T) {
	t.Parallel()
	line := lineOf("a", "b")
	line.Insert(&Entry{ID: "high", Priority: 2, Effective: 50, Seq: 50})
	line.Insert(&Entry{ID: "vip", VIP: true, Effective: 51, Seq: 51})
	line.InsertAt(&Entry{ID: "x", Effective: 100, Seq: 100}, 1)
	expect(t, line, "vip", "high", "x", "a", "b")
	line.InsertAt(&Entry{ID: "y", Priority: 1, Effective: 101, Seq: 101}, 5)
	expect(t, line, "vip", "high", "y", "x", "a", "b")
	line.InsertAt(&Entry{ID: "z", Priority: 1, Effective: 102, Seq: 102}, -7)
	expect(t, line, "vip", "high", "z", "y", "x", "a", "b")
}

func TestB52_NewLabelsKeepTheOrder(t *testing.T) {
	t.Parallel()
	line := lineOf("a", "b", "c")
	stored := map[*Entry]Place{}
	for e := range line.From(1) {
		stored[e] = e.Place()
		line.SetWant(e, 9)
	}
	want := slices.Collect(line.From(1))
	relabelled := 0
	const n = 3000
	for i := range n {
		e := &Entry{Seq: uint64(i + 100), Effective: 1000}
		position := min(3+i, 4) // all but the first between the first and the last
		moved := line.InsertAt(e, position)
		stored[e] = e.Place()
		for _, m := range moved {
			stored[m] = m.Place()
		}
		relabelled += len(moved)
		want = slices.Insert(want, position-1, e)
	}
	if relabelled == 0 {
		t.Fatal("the labels never ran out")
	}
	if err := line.check(); err != nil {
		t.Fatal(err)
	}
	steps := line.steps
	var restored Line
	for i, e := range slices.Collect(line.From(1)) {
		if e != want[i] || stored[e] != e.Place() {
			t.Fatalf("position %d: %v, stored %v", i+1, e.Place(), stored[e])
		}
		line.Remove(e)
		e.SetPlace(stored[e])
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(n, func(i, j int) { want[i], want[j] = want[j], want[i] })
	for _, e := range want {
		restored.Restore(e)
	}
	want = slices.Collect(restored.From(1))
	for i, e := range want {
		if stored[e] != e.Place() || i > 0 && !restored.Before(want[i-1], e) {
			t.Fatalf("position %d is another after a restart", i+1)
		}
	}
	t.Logf("%d new labels, %d steps for %d inserts at one place", relabelled, steps, n)
	if relabelled > n*bits.Len(n) {
		t.Errorf("%d new labels for %d inserts", relabelled, n)
	}
}

func TestB53_NoStepGrowsWithTheLine(t *testing.T) {
	t.Parallel()
	// What one change may cost at most: a block's worth of entries, twice, and
	// the parts of a node, twice, on each of a few levels.
	const most = 4*slots + 4*4*fan
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{1_000, 10_000, 100_000} {
		var line Line
		entries := make([]Entry, n)
		worst, total := 0, 0
		count := func(f func()) {
			before := line.steps
			f()
			worst, total = max(worst, line.steps-before), total+line.steps-before
		}
		for i := range entries {
			e := &entries[i]
			e.Seq, e.Effective = uint64(i), agent.Instant(r.IntN(n))
			count(func() { line.Insert(e) })
		}
		height := 0
		for node := line.root; node != nil; node = node.nodes[0] {
			height++
		}
		if limit := 1 + (bits.Len(uint(n/(slots/2)))+2)/3; height > limit {
			t.Errorf("%d entries: %d levels, more than %d", n, height, limit)
		}
		for _, i := range r.Perm(n) {
			count(func() { line.Remove(&entries[i]) })
		}
		t.Logf("%d entries: %d steps at most, %.1f on average", n, worst, float64(total)/float64(2*n))
		if worst > most {
			t.Errorf("%d entries: one change took %d steps", n, worst)
		}
		if average := total / (2 * n); average > 3*bits.Len(uint(n)) {
			t.Errorf("%d entries: %d steps on average", n, average)
		}
	}
}

func TestB53_ThinLinesGiveBlocksBack(t *testing.T) {
	t.Parallel()
	var line Line
	entries := make([]Entry, 20_000)
	for i := range entries {
		entries[i].Seq, entries[i].Effective = uint64(i), 1
		line.Insert(&entries[i])
	}
	for i := range entries {
		if i%50 != 0 {
			line.Remove(&entries[i])
		}
	}
	if err := line.check(); err != nil {
		t.Fatal(err)
	}
	blocks := 0
	for b := line.start(); b != nil; b = b.next() {
		blocks++
	}
	if fewest := line.Len() / slots; blocks > 8*fewest {
		t.Errorf("%d blocks for %d entries", blocks, line.Len())
	}
}

func TestB53_WalkBearsAnyChange(t *testing.T) {
	t.Parallel()
	line := lineOf("a", "b", "c", "d", "e", "f")
	all := slices.Collect(line.From(1))
	var met []CallID
	for e := range line.From(2) {
		met = append(met, e.ID)
		switch e.ID {
		case "b": // itself and the next
			line.Remove(e)
			line.Remove(all[2])
		case "d":
			line.InsertAt(&Entry{ID: "x", Effective: 50, Seq: 50}, line.Position(e)+1)
		case "x": // itself to the end
			line.Change(e, func(e *Entry) { e.Priority = 1 })
		case "f":
			for _, e := range all {
				line.Remove(e)
			}
		}
	}
	if want := []CallID{"b", "d", "x", "e", "f"}; !slices.Equal(met, want) {
		t.Errorf("met %q, not %q", met, want)
	}
}

func TestB53_OtherLinesAndStrangers(t *testing.T) {
	t.Parallel()
	one, two := lineOf("a", "b"), new(Line)
	two.Insert(&Entry{ID: "c", Effective: 7, Seq: 7})
	stranger := one.First()
	two.Remove(stranger)
	two.SetWant(stranger, 1)
	if two.Len() != 1 || one.Len() != 2 || two.Wanting() != 0 || two.Position(stranger) != 0 || two.Want(stranger) != 0 {
		t.Error("an entry of another line was touched")
	}
	two.Insert(stranger) // moves over
	two.Insert(stranger) // stays
	expect(t, one, "b")
	expect(t, two, "a", "c")
	one.Remove(stranger)
	one.Remove(one.First())
	one.Remove(&Entry{})
	expect(t, one)
	expect(t, two, "a", "c")
	if one.NextWanting(stranger, 1) != nil || two.NextWanting(&Entry{}, 1) != nil {
		t.Error("nobody wants anybody")
	}
	two.Change(&Entry{}, func(*Entry) {})
	stranger.SetPlace(Place{Effective: 99})
	expect(t, two, "a", "c")
}

func lineOf(ids ...CallID) *Line {
	l := new(Line)
	for i, id := range ids {
		l.Insert(&Entry{ID: id, Effective: agent.Instant(i + 1), Seq: uint64(i + 1)})
	}
	return l
}

func expect(t *testing.T, l *Line, ids ...CallID) {
	t.Helper()
	var got []CallID
	for e := range l.From(1) {
		got = append(got, e.ID)
	}
	if !slices.Equal(got, ids) {
		t.Errorf("line %q, not %q", got, ids)
	}
	if err := l.check(); err != nil {
		t.Error(err)
	}
}
