package queue

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// A percentile is off by 1/32 of itself or 63 ms at the most; what is below 125 ms
// reads 0.
func TestB92_PercentilesAreBounded(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for name, draw := range map[string]func() time.Duration{
		"short":  func() time.Duration { return time.Duration(rng.Int64N(int64(4 * time.Second))) },
		"a day":  func() time.Duration { return time.Duration(rng.Int64N(int64(24 * time.Hour))) },
		"skewed": func() time.Duration { return time.Duration(rng.ExpFloat64() * float64(90*time.Second)) },
	} {
		var h Histogram
		times := make([]time.Duration, 5000)
		for i := range times {
			times[i] = draw()
			h.Add(times[i])
		}
		slices.Sort(times)
		for _, p := range []float64{0, 1, 10, 50, 80, 90, 95, 99, 99.9, 100} {
			rank := max(int(p*float64(len(times))/100+0.9999), 1)
			want, got := times[rank-1], h.Percentile(p)
			if bound := max(want/32, 63*time.Millisecond); (got-want).Abs() > bound && (got != 0 || want >= 125*time.Millisecond) {
				t.Errorf("%s: percentile %v is %v, not %v", name, p, got, want)
			}
		}
	}
}

// Buckets follow one another without a gap, and every time is in its own.
func TestB92_BucketsFollowOneAnother(t *testing.T) {
	t.Parallel()
	end := time.Duration(0)
	for b := range 300 {
		from, to := bounds(b)
		if from != end || bucketOf(from) != b || bucketOf(to-1) != b {
			t.Fatalf("bucket %d is %v to %v after %v", b, from, to, end)
		}
		end = to
	}
}

func TestB92_MergedCopiedStored(t *testing.T) {
	t.Parallel()
	var a, b, sum Histogram
	if a.Percentile(50) != 0 || bucketOf(-time.Second) != 0 {
		t.Error("an empty histogram knows something")
	}
	for i := range 100 {
		a.Add(time.Duration(i) * time.Second)
		b.Add(time.Duration(i) * time.Minute)
	}
	copied := a.Clone()
	sum.Merge(&a)
	sum.Merge(&b)
	if sum.Total() != 200 || copied.Total() != 100 {
		t.Errorf("%d in both, %d in a copy", sum.Total(), copied.Total())
	}
	a.Add(time.Hour)
	if copied.Total() != 100 || copied.Percentile(100) > 2*time.Minute {
		t.Error("a copy shares")
	}
	var stored Histogram
	stored.SetCounts(sum.Counts())
	if stored.Total() != 200 || stored.Percentile(90) != sum.Percentile(90) {
		t.Error("stored is another")
	}
}

// A reset begins the waits anew and leaves those of the lifetime.
func TestB92_TheLedgerKeepsTwo(t *testing.T) {
	t.Parallel()
	var l Ledger
	book := func(wait time.Duration) {
		l.Join()
		l.Leave(Answered, wait, 0)
		l.EndTalk(time.Second, time.Minute)
	}
	book(time.Minute)
	l.Reset()
	book(10 * time.Second)
	life, since := l.LifetimeWaits(), l.SinceWaits()
	if life.Total() != 2 || since.Total() != 1 || since.Percentile(100) > 11*time.Second || life.Percentile(100) < 58*time.Second {
		t.Errorf("%d ever, %d since", life.Total(), since.Total())
	}
}
