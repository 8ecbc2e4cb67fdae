package queue

import "slices"

// MaxLevel is the highest skill level; the lowest is 1.
const MaxLevel = 100

// levels counts the members and the staffed ones by skill level.
type levels struct {
	members, staffed [MaxLevel + 1]int32
	list             []uint8 // the levels that exist, ascending
	total            int     // staffed ones of all levels
}

// add counts n more members of a level.
func (l *levels) add(level int, n int32) {
	was := l.members[level]
	l.members[level] += n
	switch i, _ := slices.BinarySearch(l.list, uint8(level)); {
	case was == 0 && n > 0:
		l.list = slices.Insert(l.list, i, uint8(level))
	case was > 0 && l.members[level] == 0:
		l.list = slices.Delete(l.list, i, i+1)
	}
}

// staff counts n more staffed members of a level.
func (l *levels) staff(level int, n int32) {
	l.staffed[level] += n
	l.total += int(n)
}

// step returns the place of a level in the list of those that exist, best first
// (B34): 0 is the group that opens at once. Levels that do not exist stand where
// they would.
func (l *levels) step(level int, descending bool) int {
	i, _ := slices.BinarySearch(l.list, uint8(level))
	if descending {
		return len(l.list) - 1 - i
	}
	return i
}

// at returns the level at a step.
func (l *levels) at(step int, descending bool) int {
	if descending {
		step = len(l.list) - 1 - step
	}
	return int(l.list[step])
}

// firstStaffed returns the first step whose group has somebody staffed, or the
// number of steps.
func (l *levels) firstStaffed(descending bool) int {
	for i := range l.list {
		if l.staffed[l.at(i, descending)] > 0 {
			return i
		}
	}
	return len(l.list)
}
