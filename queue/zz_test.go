package queue
import ("testing";"unsafe")
func BenchmarkZZFloor(b *testing.B) {
	println(unsafe.Sizeof(Entry{}), unsafe.Sizeof(block{}), unsafe.Sizeof(node{}))
	benchmark(b, func(b *testing.B, n int) {
		_, entries := waitingLine(n)
		i, sum := 0, 0
		for b.Loop() {
			sum += int(entries[i].spot.slot)
			if i++; i == n { i = 0 }
		}
		_ = sum
	})
}
func BenchmarkZZFloor2(b *testing.B) {
	benchmark(b, func(b *testing.B, n int) {
		_, entries := waitingLine(n)
		i, sum := 0, 0
		for b.Loop() {
			sum += int(entries[i].spot.block.used)
			if i++; i == n { i = 0 }
		}
		_ = sum
	})
}
