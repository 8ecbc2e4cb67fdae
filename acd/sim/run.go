package sim

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/acdkit/acdkit/strategy"
)

// Options are what a run takes beside the configuration. The zero value is valid.
type Options struct {
	// Strategies are a host's own, by whose names queues may go (B38). They are
	// called by several goroutines.
	Strategies []strategy.Strategy
	// Progress is told what share of the work is done, 0..1, now and then, by one
	// goroutine at a time.
	Progress func(share float64)
}

// Run simulates a configuration. Its replications are spread over the processors
// (GOMAXPROCS); the result does not depend on how many there are. An error wraps
// [agent.ErrInvalid] if the configuration is not valid, or is that of ctx.
func Run(ctx context.Context, c Config, o Options) (*Result, error) {
	p, err := newPlan(c, o.Strategies)
	if err != nil {
		return nil, fmt.Errorf("sim: %w", err)
	}
	return p.run(ctx, o.Progress)
}

// run plays all replications. The first error ends those that still run.
func (p *plan) run(ctx context.Context, progress func(share float64)) (*Result, error) {
	began := time.Now()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	n := p.config.Replications
	samples := make([]sample, n)
	sum := newDetail(p)
	var (
		all  sync.WaitGroup
		lock sync.Mutex
		next atomic.Int64
		done = meter{tell: progress, whole: float64(n) * float64(p.horizon)}
	)
	for range min(runtime.GOMAXPROCS(0), n) {
		all.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				w, err := p.newWorld(i)
				if err == nil {
					err = w.play(ctx, &done)
				}
				if err != nil {
					cancel(fmt.Errorf("sim: replication %d: %w", i, err))
					return
				}
				samples[i] = w.sample
				lock.Lock()
				sum.add(w.detail)
				lock.Unlock()
			}
		})
	}
	all.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	r := newResult(p, samples, sum)
	r.Engine.WallSeconds = time.Since(began).Seconds()
	calls := uint64(0)
	for i := range samples {
		calls += samples[i].calls
	}
	r.Engine.CallsPerSecond = float64(calls) / max(r.Engine.WallSeconds, 1e-9)
	return r, nil
}

// play plays a replication, telling how far it has come.
func (w *world) play(ctx context.Context, done *meter) error {
	told := int64(0)
	err := w.run(func(now int64) error {
		now = min(now, w.horizon)
		done.add(now - told)
		told = now
		return ctx.Err()
	})
	done.add(w.horizon - told)
	return err
}

// meter adds up what is done.
type meter struct {
	lock  sync.Mutex
	tell  func(share float64)
	whole float64 // ns of all replications
	done  float64
}

func (m *meter) add(ns int64) {
	if m.tell == nil || ns <= 0 {
		return
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	m.done += float64(ns)
	m.tell(min(m.done/m.whole, 1))
}
