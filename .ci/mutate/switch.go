package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// file is a source file, its mutants, and the edits that put their switches in.
type file struct {
	pkg, name string
	source    []byte
	set       *token.FileSet
	tree      *ast.File
	info      *types.Info
	types     *types.Package
	imports   map[string]bool
	fn        string
	last      *int // the last id
	mutants   []*mutant
	edits     []edit
	skip      map[ast.Node]bool
	idiom     map[ast.Node]bool
}

// edit replaces bytes. Of those at one place closing ones come first, from the
// inside out; then opening ones, from the outside in.
type edit struct {
	at, len, order int
	text           string
}

func (f *file) offset(p token.Pos) int { return f.set.Position(p).Offset }

func (f *file) str(n ast.Node) string {
	return string(f.source[f.offset(n.Pos()):f.offset(n.End())])
}

// around puts text before and after a node. Outer nodes are visited first.
func (f *file) around(n ast.Node, before, after string) {
	order := len(f.edits) + 1
	f.edits = append(f.edits, edit{at: f.offset(n.Pos()), order: order, text: before}, edit{at: f.offset(n.End()), order: -order, text: after})
}

// switched is the source with all switches in it. Lines stay where they are.
func (f *file) switched(module string) []byte {
	edits := slices.Clone(f.edits)
	name := f.offset(f.tree.Name.End())
	edits = append(edits, edit{at: name, text: fmt.Sprintf("; import switches %q", module+"/switches")})
	slices.SortStableFunc(edits, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.order, b.order))
	})
	var out []byte
	at := 0
	for _, e := range edits {
		out = append(out, f.source[at:e.at]...)
		out = append(out, e.text...)
		at = e.at + e.len
	}
	return append(out, f.source[at:]...)
}

// find reads packages and lists their mutants, in the order of the source.
func find(packages []string) (all []*file, err error) {
	exports, err := exportData(packages)
	if err != nil {
		return nil, err
	}
	set := token.NewFileSet()
	open := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
	imports := importer.ForCompiler(set, "gc", open)
	last := 0
	for _, pkg := range packages {
		names, err := filepath.Glob(filepath.Join(pkg, "*.go"))
		if err != nil {
			return nil, err
		}
		names = slices.DeleteFunc(names, func(n string) bool { return strings.HasSuffix(n, "_test.go") })
		var files []*file
		var trees []*ast.File
		for _, name := range names {
			source, err := os.ReadFile(name)
			if err != nil {
				return nil, err
			}
			tree, err := parser.ParseFile(set, name, source, parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			f := &file{pkg: pkg, name: filepath.ToSlash(name), source: source, set: set, tree: tree, last: &last}
			f.skip, f.idiom, f.imports = map[ast.Node]bool{}, map[ast.Node]bool{}, map[string]bool{}
			for _, im := range tree.Imports {
				if im.Name == nil {
					f.imports[strings.Trim(im.Path.Value, `"`)] = true
				}
			}
			files, trees = append(files, f), append(trees, tree)
		}
		info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
		checked, err := (&types.Config{Importer: imports}).Check(pkg, set, trees, info)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			f.info, f.types = info, checked
			for _, d := range f.tree.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil && fn.Name.Name != "String" && fn.Name.Name != "GoString" {
					f.fn = nameOf(fn)
					ast.Inspect(fn.Body, f.visit)
				}
			}
		}
		all = append(all, files...)
	}
	return all, nil
}

// nameOf returns e.g. "New" or "Agent.Offer".
func nameOf(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return fn.Name.Name
	}
	t := fn.Recv.List[0].Type
	for {
		switch u := t.(type) {
		case *ast.StarExpr:
			t = u.X
		case *ast.IndexExpr:
			t = u.X
		case *ast.IndexListExpr:
			t = u.X
		default:
			return types.ExprString(t) + "." + fn.Name.Name
		}
	}
}

// exportData builds the packages and says where what they import is described.
func exportData(packages []string) (map[string]string, error) {
	args := append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}"}, packages...)
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	exports := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		exports[path] = file
	}
	return exports, nil
}

// switchboard is the package that the changed files import. MUTANT says which
// switch is on; MUTANT_MET is a file that gets the number of each that is passed.
const switchboard = `package switches

import (
	"cmp"
	"os"
	"strconv"
	"sync/atomic"
)

var (
	on  = number()
	met = file()
	was [%d]atomic.Bool
)

func number() int {
	n, _ := strconv.Atoi(os.Getenv("MUTANT"))
	return n
}

func file() *os.File {
	name := os.Getenv("MUTANT_MET")
	if name == "" {
		return nil
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	return f
}

func On(id int) bool {
	if met != nil && !was[id].Swap(true) {
		met.WriteString(strconv.Itoa(id) + "\n")
	}
	return id == on
}

func Int(id, n int) int {
	if On(id) {
		return n + 1
	}
	return n
}

// Where both operators say the same, the switch is not passed.

func Less[T cmp.Ordered](id int, a, b T) bool    { return a < b || a == b && On(id) }
func AtMost[T cmp.Ordered](id int, a, b T) bool  { return a < b || a == b && !On(id) }
func More[T cmp.Ordered](id int, a, b T) bool    { return a > b || a == b && On(id) }
func AtLeast[T cmp.Ordered](id int, a, b T) bool { return a > b || a == b && !On(id) }

type numeric interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float32 | ~float64
}

func Plus[T numeric](id int, a, b T) T {
	if b != 0 && On(id) {
		return a - b
	}
	return a + b
}

func Minus[T numeric](id int, a, b T) T {
	if b != 0 && On(id) {
		return a + b
	}
	return a - b
}

func Times[T numeric](id int, a, b T) T {
	if (b == 0 || a*b != a/b) && On(id) {
		return a / b
	}
	return a * b
}
`

// overlay writes the changed files and the list of them for the go command.
func overlay(dir, root, module string, files []*file) (string, error) {
	replace := map[string]string{}
	write := func(name string, text []byte) error {
		changed := filepath.Join(dir, fmt.Sprintf("%d_%s", len(replace), filepath.Base(name)))
		replace[name] = changed
		return os.WriteFile(changed, text, 0o600)
	}
	var errs error
	last := 0
	for _, f := range files {
		if len(f.mutants) > 0 {
			errs = errors.Join(errs, write(filepath.Join(root, f.name), f.switched(module)))
			last = *f.last
		}
	}
	errs = errors.Join(errs, write(filepath.Join(root, "switches", "switches.go"), fmt.Appendf(nil, switchboard, last+1)))
	text, err := json.Marshal(map[string]any{"Replace": replace})
	list := filepath.Join(dir, "overlay.json")
	return list, errors.Join(errs, err, os.WriteFile(list, text, 0o600))
}
