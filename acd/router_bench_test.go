package acd_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/acdkit/acdkit/acd"
)

// One call from its arrival to its end, through a Router whose events are read
// by its own loop.
func BenchmarkRouter_Call(b *testing.B) {
	for _, stored := range []bool{false, true} {
		b.Run(fmt.Sprintf("stored=%t", stored), func(b *testing.B) {
			var o acd.Options
			if stored {
				o.Storage = new(acd.MemoryStorage)
			}
			r, err := acd.Open(context.Background(), o)
			if err != nil {
				b.Fatal(err)
			}
			if err := r.Post(support()); err != nil {
				b.Fatal(err)
			}
			if err := r.Post(inSupport("101")); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.ResetTimer()
			n := 0
			join := func() {
				if n++; n > b.N {
					_ = r.Close(context.Background())
					return
				}
				_ = r.Post(acd.Join{Call: "c", Queue: "support"})
			}
			join()
			for ev, err := range r.Events(context.Background()) {
				if err != nil {
					b.Fatal(err)
				}
				switch do := ev.Do.(type) {
				case *acd.Ring:
					_ = r.Post(acd.Answered{Offer: do.Offer})
				case *acd.CallConnected:
					_ = r.Post(acd.HangUp{Call: do.Call})
				case *acd.TalkEnded:
					join()
				}
			}
		})
	}
}
