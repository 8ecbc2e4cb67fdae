package acd_test

import (
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the Proof lines of RULES.md from the tests that exist")

// unproved is the proof of a rule that has no test yet.
const unproved = "none yet"

// A proof is one test that carries the number of a rule in its name.
type proof struct {
	rule int
	dir  string // of its package or file, from the root
	name string // TestB31_…, or B31_….acd
}

// A ruleBook is RULES.md, line by line.
type ruleBook struct {
	lines  []string
	heads  map[int]int // rule → line of its heading
	proofs map[int]int // rule → line of its proof
	order  []int       // rules as they stand
}

var (
	heading   = regexp.MustCompile(`^### B(\d+) `)
	proofLine = regexp.MustCompile(`^Proof: (.+)$`)
	// tested finds the numbers in the name of a test: TestB30_…,
	// TestRouter_B104_…, TestB30_B31_….
	tested   = regexp.MustCompile(`(?:^|[a-z_])B(\d+)_`)
	testName = regexp.MustCompile(`^(Test|Example|Fuzz)`)
	script   = regexp.MustCompile(`^B\d+_.*\.acd$`)
	// mentioned finds the rules that a comment or a page speaks of.
	mentioned = regexp.MustCompile(`\bB(\d{2,3})\b`)
)

// parseRules reads the rule book. Every rule has one heading and, below it, one
// proof.
func parseRules(text string) (*ruleBook, error) {
	book := &ruleBook{lines: strings.Split(text, "\n"), heads: map[int]int{}, proofs: map[int]int{}}
	current := 0 // the rule whose lines these are
	proved := func() error {
		if _, ok := book.proofs[current]; current != 0 && !ok {
			return fmt.Errorf("B%d has no line Proof: …", current)
		}
		return nil
	}
	for i, line := range book.lines {
		if m := heading.FindStringSubmatch(line); m != nil {
			if err := proved(); err != nil {
				return nil, err
			}
			current = number(m[1])
			if first, ok := book.heads[current]; ok {
				return nil, fmt.Errorf("line %d: B%d stands on line %d already", i+1, current, first+1)
			}
			book.heads[current] = i
			book.order = append(book.order, current)
			continue
		}
		if !proofLine.MatchString(line) {
			continue
		}
		if current == 0 {
			return nil, fmt.Errorf("line %d: a proof of no rule", i+1)
		}
		if first, ok := book.proofs[current]; ok {
			return nil, fmt.Errorf("line %d: a second proof of B%d, after that of line %d", i+1, current, first+1)
		}
		book.proofs[current] = i
	}
	return book, proved()
}

// number reads digits that a pattern has found.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return -1
	}
	return n
}

// compare finds every rule whose proof line does not name exactly the tests that
// exist, and mends the lines.
func (b *ruleBook) compare(proofs []proof) (problems []string) {
	byRule := map[int][]proof{}
	for _, p := range proofs {
		if _, ok := b.heads[p.rule]; !ok {
			problems = append(problems, fmt.Sprintf("%s in %s is named after B%d, which is no rule", p.name, p.dir, p.rule))
			continue
		}
		byRule[p.rule] = append(byRule[p.rule], p)
	}
	for _, rule := range b.order {
		line := &b.lines[b.proofs[rule]]
		if want := "Proof: " + render(byRule[rule]); *line != want {
			problems = append(problems, fmt.Sprintf("B%d: the page says\n\t%s\nbut the tests say\n\t%s", rule, *line, want))
			*line = want
		}
	}
	return problems
}

// render writes tests as a proof line names them: directory by directory.
func render(proofs []proof) string {
	if len(proofs) == 0 {
		return unproved
	}
	byDir := map[string][]string{}
	for _, p := range proofs {
		byDir[p.dir] = append(byDir[p.dir], p.name)
	}
	var parts []string
	for _, dir := range slices.Sorted(maps.Keys(byDir)) {
		names := byDir[dir]
		slices.Sort(names)
		parts = append(parts, dir+" `"+strings.Join(slices.Compact(names), "`, `")+"`")
	}
	return strings.Join(parts, "; ")
}

// proofsInName returns the rules that a test's name or a script's file name
// carries.
func proofsInName(name string) []int {
	if !testName.MatchString(name) && !script.MatchString(name) {
		return nil
	}
	var rules []int
	for rest := name; ; {
		m := tested.FindStringSubmatchIndex(rest)
		if m == nil {
			return rules
		}
		rules = append(rules, number(rest[m[2]:m[3]]))
		rest = rest[m[3]:] // its underscore may begin the next
	}
}

// findProofs finds the tests, examples, fuzz targets and scenario files of the
// tree that are named after rules.
func findProofs(t *testing.T) []proof {
	t.Helper()
	var proofs []proof
	add := func(dir, name string) {
		for _, rule := range proofsInName(name) {
			proofs = append(proofs, proof{rule, dir, name})
		}
	}
	walkTree(t, func(name, full string) {
		switch {
		case strings.HasSuffix(name, ".acd"):
			add(path.Dir(name), path.Base(name))
		case strings.HasSuffix(name, "_test.go"):
			file, err := parser.ParseFile(token.NewFileSet(), full, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			for _, decl := range file.Decls {
				if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil {
					add(path.Dir(name), fn.Name.Name)
				}
			}
		}
	})
	slices.SortFunc(proofs, func(a, b proof) int {
		return cmp.Or(cmp.Compare(a.rule, b.rule), cmp.Compare(a.dir, b.dir), cmp.Compare(a.name, b.name))
	})
	return proofs
}

func readRules(t *testing.T) (file string, book *ruleBook) {
	t.Helper()
	file = filepath.Join(moduleRoot(t), "acd", "RULES.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	book, err = parseRules(string(text))
	if err != nil {
		t.Fatalf("RULES.md: %v", err)
	}
	return file, book
}

// Every rule names exactly the tests that are named after it. After a test was
// added or renamed:
//
//	go test ./acd -run TestRules -update
func TestRules_ProofsAreTheTestsThatExist(t *testing.T) {
	file, book := readRules(t)
	before := slices.Clone(book.lines)
	problems := book.compare(findProofs(t))
	if t.Failed() { // a test file that does not parse
		return
	}
	if !*update {
		report(t, problems)
		if len(problems) > 0 {
			t.Log("go test ./acd -run TestRules -update rewrites the lines")
		}
		return
	}
	for _, rule := range book.order {
		// A rule that was proved stays proved: its tests are renamed, not lost.
		if at := book.proofs[rule]; book.lines[at] == "Proof: "+unproved && before[at] != book.lines[at] {
			t.Fatalf("B%d would lose its last test (%s): RULES.md is left as it is", rule, before[at])
		}
	}
	if err := os.WriteFile(file, []byte(strings.Join(book.lines, "\n")), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A reader who has only the project finds every B number explained.
func TestRules_EveryNumberMentionedIsARule(t *testing.T) {
	t.Parallel()
	_, book := readRules(t)
	walkTree(t, func(name, full string) {
		switch path.Ext(name) {
		case ".go", ".md", ".acd", ".mod", ".json", ".html":
		default:
			return
		}
		text, err := os.ReadFile(full)
		if err != nil {
			t.Error(err)
			return
		}
		for _, m := range mentioned.FindAllSubmatchIndex(text, -1) {
			digits := string(text[m[2]:m[3]])
			if _, ok := book.heads[number(digits)]; !ok && name != "acd/rules_test.go" {
				line := 1 + strings.Count(string(text[:m[0]]), "\n")
				t.Errorf("%s:%d: mentions B%s, which is no rule of RULES.md", name, line, digits)
			}
		}
	})
}

func TestRules_ProofsAreTheTestsThatExist_Fails(t *testing.T) {
	t.Parallel()
	const page = "### B10 A\ntext\nProof: agent `TestB10_A`; queue `TestB10_B`\n\n### B11 B\n\nProof: none yet\n"
	a, b := proof{10, "agent", "TestB10_A"}, proof{10, "queue", "TestB10_B"}
	for _, c := range []struct {
		name   string
		proofs []proof
		want   string
	}{
		{"as it is", []proof{b, a}, ""},
		{"one is gone", []proof{a}, "B10: the page says"},
		{"one came", []proof{a, b, {11, "acd/testdata", "B11_x.acd"}}, "Proof: acd/testdata `B11_x.acd`"},
		{"none left", []proof{}, "Proof: none yet"},
		{"of no rule", []proof{a, b, {99, "acd", "TestB99_X"}}, "TestB99_X in acd is named after B99, which is no rule"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			book, err := parseRules(page)
			if err != nil {
				t.Fatal(err)
			}
			wants(t, book.compare(c.proofs), c.want)
			if c.name != "of no rule" {
				wants(t, book.compare(c.proofs), "") // mended
			}
		})
	}
	for text, want := range map[string]string{
		"### B10 A\n": "B10 has no line",
		"### B10 A\n\n### B11 B\nProof: none yet":  "B10 has no line",
		"Proof: none yet\n":                        "a proof of no rule",
		"### B10 A\nProof: x\nProof: y\n":          "a second proof of B10",
		"### B10 A\nProof: x\n### B10 A\nProof: y": "B10 stands on line 1 already",
	} {
		if _, err := parseRules(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}

func TestRules_NamesThatProve(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]int{
		"TestB31_NoAgentRungTwiceInARound": {31},
		"TestB30_B31_First":                {30, 31},
		"TestRouter_B104_Late":             {104},
		"TestArchitecture_B102_Pure":       {102},
		"FuzzB110_Step":                    {110},
		"ExampleEngine_b31":                nil,
		"BenchmarkB53_Position":            nil,
		"B31_ring.acd":                     {31},
		"ring_B31_.acd":                    nil,
		"TestB31":                          nil,
		"helperB31_x":                      nil,
	} {
		if got := proofsInName(name); !slices.Equal(got, want) {
			t.Errorf("%s proves %v, want %v", name, got, want)
		}
	}
}
