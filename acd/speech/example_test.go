package speech_test

import (
	"fmt"
	"time"

	"github.com/acdkit/acdkit/acd/speech"
)

// The same announcement in three languages, for text-to-speech.
func ExampleText() {
	a := speech.Announcement{What: speech.Estimate, Position: 21, HasEstimate: true, Mean: 2 * time.Minute}
	for _, lang := range []string{"en-US", "de-AT", "ru"} {
		fmt.Println(speech.Text(lang, a))
	}
	// Output:
	// You are number 21 in line. You will probably wait about 2 minutes.
	// Sie sind auf Platz 21 in der Warteschlange. Sie warten voraussichtlich etwa 2 Minuten.
	// Ваш номер в очереди — 21. Примерное время ожидания — две минуты.
}

// The same announcement in three languages, for recorded prompts.
func ExamplePrompts() {
	a := speech.Announcement{What: speech.Estimate, Position: 21, HasEstimate: true, Mean: time.Minute}
	for _, lang := range []string{"de-DE", "fr-CA", "ja-JP"} {
		for _, p := range speech.Prompts(lang, a) {
			fmt.Printf("%-18s %s\n", p.ID, p.Words)
		}
	}
	// Output:
	// de/position.before Sie sind auf Platz
	// de/number/1.and    einund
	// de/number/20       zwanzig
	// de/position.after  in der Warteschlange.
	// de/wait.before     Sie warten voraussichtlich etwa
	// de/number/1.f      eine
	// de/minutes.one     Minute
	// fr/position.before Vous êtes le numéro
	// fr/number/21       vingt et un
	// fr/position.after  dans la file d'attente.
	// fr/wait.before     Votre temps d'attente est estimé à environ
	// fr/number/1.f      une
	// fr/minutes.one     minute
	// ja/position.before ただいま、お客様の順番は
	// ja/number/20       にじゅう
	// ja/number/1        いち
	// ja/position.after  番目です。
	// ja/wait.before     待ち時間はおよそ
	// ja/minutes/1       いっぷん
	// ja/wait.after      の見込みです。
}

// The beginning of the script for the studio.
func ExampleSet() {
	set := speech.Set("en")
	for _, p := range set[:3] {
		fmt.Printf("%s: %s\n", p.ID, p.Words)
	}
	fmt.Println(len(set), "recordings")
	// Output:
	// en/position.unknown: You are in line.
	// en/periodic: All our agents are busy. Please stay on the line; we will answer your call as soon as possible.
	// en/callback_offer: If you would like us to call you back, press 3. You will keep your place in line.
	// 46 recordings
}

// A host that has a prompt of its own for languages that are not spoken here.
func ExampleMatch() {
	for _, lang := range []string{"pt-BR", "sv-SE"} {
		used, ok := speech.Match(lang)
		fmt.Println(lang, used, ok)
	}
	// Output:
	// pt-BR pt true
	// sv-SE en false
}

func ExampleNumber() {
	fmt.Println(speech.Number("fr", 71, speech.Counting))
	fmt.Println(speech.Number("fr", 81, speech.Feminine))
	fmt.Println(speech.Number("vi", 24, speech.Counting))
	fmt.Println(speech.Number("en", 12345, speech.Counting))
	// Output:
	// soixante et onze
	// quatre-vingt-une
	// hai mươi tư
	// one two three four five
}
