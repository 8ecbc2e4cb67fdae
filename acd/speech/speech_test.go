package speech

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
)

// announcements yields each kind, each wait, and of the places each to 1,100 and
// every 13th after it, which have every combination of two digits.
func announcements(yield func(Announcement) bool) {
	for _, what := range []What{Position, Estimate, Periodic, CallbackOffer, CallbackDialogue, Warning, 200} {
		for _, final := range []bool{false, true} {
			if !yield(Announcement{What: what, Final: final}) {
				return
			}
		}
	}
	for n := -1; n <= maxNumber+2; n++ {
		if n > 1100 && n < maxNumber-1 && n%13 > 0 {
			continue
		}
		if !yield(Announcement{What: Position, Position: n}) {
			return
		}
	}
	for mean := -time.Minute; mean < 130*time.Minute; mean += 30 * time.Second {
		if !yield(Announcement{What: Estimate, Position: 3, HasEstimate: true, Mean: mean}) {
			return
		}
	}
}

var digits = regexp.MustCompile(`[0-9]+`)

// sounds reduces a sentence to its sound: digits are read, and what nobody hears is
// left out: spaces, punctuation, case, and the spelling of a joint (nl één → een, it
// cento-otto → centotto).
func sounds(lang, sentence string) string {
	sentence = digits.ReplaceAllStringFunc(sentence, func(n string) string {
		i, _ := strconv.Atoi(n)
		return Number(lang, i, Counting)
	})
	return strings.NewReplacer("é", "e", "oo", "o").Replace(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsPunct(r) {
			return -1
		}
		return r
	}, sentence))
}

func TestPrompts_SayWhatTheTextSays(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages() {
		for a := range announcements {
			if lang == "ja" && a.What == Estimate {
				continue // 3分 is not さん followed by 分: see TestCount_NumberAndNounAgree
			}
			if text, prompts := sounds(lang, Text(lang, a)), sounds(lang, said(Prompts(lang, a))); text != prompts {
				t.Errorf("%s %+v:\n text    %s\n prompts %s", lang, a, text, prompts)
			}
		}
	}
}

func TestSet_HasEveryPromptAndNoOther(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages() {
		recorded, used := map[string]string{}, map[string]bool{}
		for _, p := range Set(lang) {
			if _, twice := recorded[p.ID]; twice {
				t.Errorf("%s is there twice", p.ID)
			}
			recorded[p.ID] = p.Words
		}
		for a := range announcements {
			prompts := Prompts(lang, a)
			if len(prompts) == 0 {
				t.Errorf("%s %+v: nothing is said", lang, a)
			}
			for _, p := range prompts {
				used[p.ID] = true
				if words, ok := recorded[p.ID]; !ok || words != p.Words {
					t.Fatalf("%s %+v: %+v is recorded as %q", lang, a, p, words)
				}
			}
		}
		for id := range recorded {
			if !used[id] {
				t.Errorf("%s is recorded in vain", id)
			}
		}
	}
}

func TestSet_IsFitForAStudio(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^[a-z]{2}/[a-z_]+(/[a-z0-9]+)?(\.[a-z]+)?$`)
	for _, lang := range Languages() {
		set := Set(lang)
		for _, p := range set {
			if !shape.MatchString(p.ID) || !strings.HasPrefix(p.ID, lang+"/") {
				t.Errorf("bad id %q", p.ID)
			}
			if p.Words == "" || p.Words != strings.TrimSpace(p.Words) || strings.ContainsAny(p.Words, "{}") {
				t.Errorf("%s says %q", p.ID, p.Words)
			}
		}
		if len(set) > 150 {
			t.Errorf("%s: %d recordings are more than anybody makes", lang, len(set))
		}
	}
}

// Ids are files of hosts: they must not change. Here they are, where a language
// has something of its own.
func TestPrompts_Ids(t *testing.T) {
	t.Parallel()
	estimate := func(n int, mean time.Duration) Announcement {
		return Announcement{What: Estimate, Position: n, HasEstimate: true, Mean: mean}
	}
	for _, c := range []struct {
		lang string
		a    Announcement
		want string
	}{
		{"en", estimate(21, 3*time.Minute), "en/position.before en/number/20 en/number/1 en/position.after en/wait.before en/number/3 en/minutes.other"},
		{"en", estimate(2100, 0), "en/position.before en/number/2 en/number/1000 en/number/1 en/number/100 en/position.after en/wait.less"},
		{"en", estimate(0, 3*time.Hour), "en/position.unknown en/wait.more"},
		{"en", estimate(10000, 65*time.Minute), "en/position.many en/wait.before en/number/1 en/hours.one en/wait.and en/number/5 en/minutes.other"},
		{"de", estimate(21, time.Minute), "de/position.before de/number/1.and de/number/20 de/position.after de/wait.before de/number/1.f de/minutes.one"},
		{"de", estimate(101, time.Hour), "de/position.before de/number/1.m de/number/100 de/number/1 de/position.after de/wait.before de/number/1.f de/hours.one"},
		{"nl", estimate(22, time.Hour), "nl/position.before nl/number/2.and nl/number/20 nl/position.after nl/wait.before nl/number/1 nl/hours.one"},
		{"fr", estimate(281, 21*time.Minute), "fr/position.before fr/number/200.and fr/number/81 fr/position.after fr/wait.before fr/number/21.f fr/minutes.other"},
		{"es", estimate(131, 31*time.Minute), "es/position.before es/number/100.and es/number/30 es/number/and es/number/1 es/position.after " +
			"es/wait.before es/number/30 es/number/and es/number/1.m es/minutes.other"},
		{"it", estimate(2000, time.Hour), "it/position.before it/number/2 it/number/1000.other it/position.after it/wait.before it/hours/1"},
		{"pt", estimate(101, 2*time.Hour), "pt/position.before pt/number/100.and pt/number/and pt/number/1 pt/position.after pt/wait.before pt/number/2.f pt/hours.other"},
		{"ru", estimate(2005, 22*time.Minute), "ru/position.before ru/number/2.f ru/number/1000.few ru/number/5 ru/wait.before ru/number/20 ru/number/2.f ru/minutes.few"},
		{"ja", estimate(300, 21*time.Minute), "ja/position.before ja/number/300 ja/position.after ja/wait.before ja/number/20 ja/minutes/1 ja/wait.after"},
		{"ja", estimate(4, 80*time.Minute), "ja/position.before ja/number/4 ja/position.after ja/wait.before ja/number/1 ja/hours.other ja/minutes/20 ja/wait.after"},
		{"zh", estimate(2, 2*time.Minute), "zh/position.before zh/number/2 zh/position.after zh/wait.before zh/number/2.m zh/minutes.other"},
		{"vi", estimate(105, 21*time.Minute), "vi/position.before vi/number/1 vi/number/100 vi/number/linh vi/number/5 vi/position.after " +
			"vi/wait.before vi/number/2 vi/number/10.other vi/number/1.ten vi/minutes.other"},
		{"en", Announcement{What: Periodic}, "en/periodic"},
		{"en", Announcement{What: CallbackOffer}, "en/callback_offer"},
		{"en", Announcement{What: CallbackDialogue}, "en/callback_dialogue"},
		{"en", Announcement{What: Warning}, "en/warning"},
		{"en", Announcement{What: Warning, Final: true}, "en/warning.final"},
	} {
		var ids []string
		for _, p := range Prompts(c.lang, c.a) {
			ids = append(ids, p.ID)
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%s %+v:\n got  %s\n want %s", c.lang, c.a, got, c.want)
		}
	}
}

func TestB64_WithoutAnEstimateOnlyThePlaceIsSaid(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages() {
		place := Text(lang, Announcement{What: Position, Position: 7})
		if got := Text(lang, Announcement{What: Estimate, Position: 7, Mean: time.Hour}); got != place {
			t.Errorf("%s: got %q, want %q", lang, got, place)
		}
		if got := Text(lang, Announcement{What: Position, Position: 7, HasEstimate: true, Mean: time.Hour}); got != place {
			t.Errorf("%s: got %q, want %q", lang, got, place)
		}
	}
}

// The keys that a prompt names are those that the rules give a meaning.
func TestB80_B81_B45_PromptsNameTheirKeys(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages() {
		for what, keys := range map[What][]string{CallbackOffer: {"3"}, Warning: {"1", "2"}} {
			if got := digits.FindAllString(Text(lang, Announcement{What: what}), -1); !slices.Equal(got, keys) {
				t.Errorf("%s %v: names the keys %v, want %v", lang, what, got, keys)
			}
		}
		if text := Text(lang, Announcement{What: Warning, Final: true}); digits.MatchString(text) {
			t.Errorf("%s: the last warning asks for a key: %s", lang, text)
		}
	}
}

// FuzzText proves that nothing panics, and that both ways to say a thing agree on
// the language.
func FuzzText(f *testing.F) {
	f.Add("en-US", uint8(1), 21, int64(3*time.Minute), int64(5*time.Minute), true)
	f.Add("de-AT-x-private", uint8(0), 0, int64(0), int64(0), false)
	f.Add("", uint8(255), math.MaxInt, int64(math.MaxInt64), int64(math.MinInt64), true)
	f.Add("zh-Hant-TW-u-co-stroke", uint8(1), math.MinInt, int64(math.MinInt64), int64(math.MaxInt64), true)
	f.Add("\xff-\x00", uint8(5), 9999, int64(time.Hour), int64(1), true)
	f.Fuzz(func(t *testing.T, lang string, what uint8, position int, mean, p80 int64, flag bool) {
		a := Announcement{
			What: What(what), Position: position, HasEstimate: flag, Final: flag,
			Mean: time.Duration(mean), P80: time.Duration(p80),
		}
		used, _ := Match(lang)
		if Text(lang, a) == "" {
			t.Error("nothing is said")
		}
		for _, p := range Prompts(lang, a) {
			if !strings.HasPrefix(p.ID, used+"/") {
				t.Errorf("%s is not of %s", p.ID, used)
			}
		}
		for _, other := range Languages() {
			if got, want := Text(other, a), Text(other+"-ZZ", a); got != want {
				t.Errorf("%s: %q, with a region %q", other, got, want)
			}
			Number(other, position, Form(what))
		}
	})
}
