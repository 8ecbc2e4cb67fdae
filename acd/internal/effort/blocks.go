package effort

import (
	"bytes"
	"encoding/binary"
	"log"
	"runtime/coverage"
)

// The form of the counters that package coverage writes: a header, that of one
// segment, texts, and for each function that ran the number of its counters, two
// numbers that name it, and the counters.
type (
	header struct {
		Magic   [4]byte
		Version uint32
		Hash    [16]byte
		Form    uint8 // 2: all numbers of the functions are of variable length
		Big     bool
		_       [6]byte
	}
	segment struct {
		Functions uint64
		Texts     uint32
		Arguments uint32
	}
)

// blocks returns how many basic blocks of the packages that are counted were
// entered so far.
func blocks() (sum uint64) {
	var all bytes.Buffer
	if err := coverage.WriteCounters(&all); err != nil {
		log.Fatal("effort must be built with go build -cover -covermode=atomic: ", err)
	}
	var h header
	var s segment
	read := func(v any) {
		if err := binary.Read(&all, binary.LittleEndian, v); err != nil {
			log.Fatalf("the counters end within their %T: %v", v, err)
		}
	}
	read(&h)
	read(&s)
	if h.Version != 1 || h.Form != 2 || h.Big {
		log.Fatalf("the counters have a form that effort does not know: %+v", h)
	}
	all.Next(int(s.Texts+s.Arguments+3) &^ 3)
	number := func() uint64 {
		v, err := binary.ReadUvarint(&all)
		if err != nil {
			log.Fatalf("the counters end within %d functions: %v", s.Functions, err)
		}
		return v
	}
	for range s.Functions {
		counters := number()
		number() // its package
		number() // itself
		for range counters {
			sum += number()
		}
	}
	return sum
}
