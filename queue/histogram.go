package queue

import (
	"math/bits"
	"time"
)

// Histogram counts times in buckets that grow with them, so that percentiles are
// read off with a bounded error: times below 2 s are counted exactly to 125 ms,
// longer ones to 1/16 of themselves, and a percentile, the middle of its bucket,
// is off by 1/32 of itself (3.2 %) or 63 ms at the most; below 125 ms it reads 0
// (B92). It takes 4 bytes a
// bucket up to the longest time seen, 1.1 KB for a day. The zero value is empty.
// It is not safe for concurrent use.
type Histogram struct {
	counts []uint32
	total  uint64
}

// histogramUnit is the width of the first buckets; histogramSteps how many of
// them there are to each doubling.
const (
	histogramUnit  = 125 * time.Millisecond
	histogramSteps = 16
)

// bucketOf returns the bucket of a time.
func bucketOf(d time.Duration) int {
	n := uint64(max(d, 0) / histogramUnit)
	if n < histogramSteps {
		return int(n)
	}
	octave := bits.Len64(n) - 5 // n has the top five bits 1xxxx
	return octave*histogramSteps + int(n>>octave)
}

// bounds returns where a bucket begins and ends.
func bounds(bucket int) (from, to time.Duration) {
	if bucket < histogramSteps {
		return time.Duration(bucket) * histogramUnit, time.Duration(bucket+1) * histogramUnit
	}
	octave := bucket/histogramSteps - 1
	n, width := bucket-octave*histogramSteps, histogramUnit<<octave
	return time.Duration(n) * width, time.Duration(n+1) * width
}

// Add counts a time.
func (h *Histogram) Add(d time.Duration) {
	b := bucketOf(d)
	for len(h.counts) <= b {
		h.counts = append(h.counts, 0)
	}
	h.counts[b]++
	h.total++
}

// Total returns how many times were counted.
func (h *Histogram) Total() uint64 { return h.total }

// Percentile returns the time that p percent (0..100) of those counted do not
// exceed, 0 if none were.
func (h *Histogram) Percentile(p float64) time.Duration {
	if h.total == 0 {
		return 0
	}
	rank := uint64(float64(h.total)*min(max(p, 0), 100)/100 + 0.999999)
	seen := uint64(0)
	for b, n := range h.counts {
		if seen += uint64(n); seen >= max(rank, 1) {
			from, to := bounds(b)
			if b == 0 {
				return 0 // most of those did not wait at all
			}
			return (from + to) / 2
		}
	}
	return 0
}

// Merge adds the times that another histogram has counted.
func (h *Histogram) Merge(other *Histogram) {
	for len(h.counts) < len(other.counts) {
		h.counts = append(h.counts, 0)
	}
	for b, n := range other.counts {
		h.counts[b] += n
	}
	h.total += other.total
}

// Clone returns a copy.
func (h *Histogram) Clone() Histogram {
	return Histogram{append([]uint32(nil), h.counts...), h.total}
}

// Counts returns the counts by bucket, for records; SetCounts takes them back.
func (h *Histogram) Counts() []uint32 { return append([]uint32(nil), h.counts...) }

// SetCounts is described with Counts.
func (h *Histogram) SetCounts(counts []uint32) {
	h.counts, h.total = append([]uint32(nil), counts...), 0
	for _, n := range counts {
		h.total += uint64(n)
	}
}
