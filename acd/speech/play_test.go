package speech_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/speech"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// What the engine orders to play, as callers of two queues hear it: the sentence
// for text-to-speech, and the recordings that are played one after the other.
func ExampleSay() {
	engine, err := acd.NewEngine(acd.EngineOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	now := time.Date(2027, 1, 15, 9, 0, 0, 0, time.UTC)
	step := func(in acd.Input) {
		if err := engine.Step(now, in); err != nil {
			fmt.Println(err)
		}
	}
	listen := func() {
		for _, ev := range engine.Take() {
			play, ok := ev.Do.(*acd.Play)
			if !ok {
				continue
			}
			text, prompts, ok := speech.Say(play)
			if !ok {
				continue // music: the host plays play.File
			}
			fmt.Printf("%s: %s\n", play.Call, text)
			for _, p := range prompts {
				fmt.Print("  ", p.ID)
			}
			fmt.Println()
			step(acd.PromptEnded{Call: play.Call, Prompt: play.What})
		}
	}

	ready := agent.Ready
	for i, lang := range []string{"en-US", "ru-RU"} {
		agents := i + 1
		config := queue.Defaults()
		config.Name, config.Number, config.Language = lang, fmt.Sprint(8000+agents), lang
		config.InformPosition, config.InformPositionInterval = queue.InformOnConnected, time.Minute
		config.EnableCallback, config.CallbackMode, config.CallbackTimeout = true, queue.CallbackOnTimeout, 30*time.Second
		id := queue.ID(lang)
		step(acd.CreateQueue{Queue: id, Config: config})
		for i := range agents {
			step(acd.AddAgent{Agent: agent.ID(fmt.Sprint(lang, i)), Status: &ready, Queues: []acd.Place{{Queue: id}}})
		}
	}
	for _, lang := range []string{"en-US", "ru-RU"} {
		step(acd.Join{Call: queue.CallID(lang + " 1"), Queue: queue.ID(lang)})
		step(acd.Join{Call: queue.CallID(lang + " 2"), Queue: queue.ID(lang)})
	}
	listen()
	now = now.Add(30 * time.Second)
	engine.Advance(now)
	listen()
	// Output:
	// en-US 1: You are number 1 in line. You will probably wait less than a minute.
	//   en/position.before  en/number/1  en/position.after  en/wait.less
	// en-US 2: You are number 2 in line. You will probably wait about 6 minutes.
	//   en/position.before  en/number/2  en/position.after  en/wait.before  en/number/6  en/minutes.other
	// ru-RU 1: Ваш номер в очереди — 1. Примерное время ожидания — меньше минуты.
	//   ru/position.before  ru/number/1  ru/wait.less
	// ru-RU 2: Ваш номер в очереди — 2. Примерное время ожидания — 3 минуты.
	//   ru/position.before  ru/number/2  ru/wait.before  ru/number/3  ru/minutes.few
	// en-US 1: If you would like us to call you back, press 3. You will keep your place in line.
	//   en/callback_offer
	// en-US 2: If you would like us to call you back, press 3. You will keep your place in line.
	//   en/callback_offer
	// ru-RU 1: Если вы хотите, чтобы мы вам перезвонили, нажмите 3. Ваше место в очереди сохранится.
	//   ru/callback_offer
	// ru-RU 2: Если вы хотите, чтобы мы вам перезвонили, нажмите 3. Ваше место в очереди сохранится.
	//   ru/callback_offer
}

// Every prompt that the engine can order is an announcement, or a file.
func TestB61_OfEveryPrompt(t *testing.T) {
	t.Parallel()
	estimate := queue.Estimate{Mean: 3 * time.Minute, P80: 5 * time.Minute}
	for what, want := range map[queue.Prompt]speech.Announcement{
		queue.PromptPosition:         {What: speech.Estimate},
		queue.PromptPeriodic:         {What: speech.Periodic},
		queue.PromptCallbackOffer:    {What: speech.CallbackOffer},
		queue.PromptCallbackDialogue: {What: speech.CallbackDialogue},
		queue.PromptWarning:          {What: speech.Warning},
	} {
		want.Position, want.HasEstimate, want.Mean, want.P80 = 21, true, estimate.Mean, estimate.P80
		play := &acd.Play{What: what, Language: "ru", Position: 21, Estimate: &estimate}
		if got, ok := speech.Of(play); !ok || got != want {
			t.Errorf("%v: %+v, %t", what, got, ok)
		}
		text, prompts, ok := speech.Say(play)
		if !ok || text != speech.Text("ru", want) || len(prompts) != len(speech.Prompts("ru", want)) {
			t.Errorf("%v: %q, %v, %t", what, text, prompts, ok)
		}
	}
	for _, play := range []*acd.Play{nil, {What: queue.PromptMusic}, {What: queue.PromptIntro}, {What: 99}} {
		if text, prompts, ok := speech.Say(play); ok || text != "" || prompts != nil {
			t.Errorf("%+v: %q, %v", play, text, prompts)
		}
	}
}

// Nobody staffed: the place only (B64).
func TestB64_OfWithoutAnEstimate(t *testing.T) {
	t.Parallel()
	text, _, ok := speech.Say(&acd.Play{What: queue.PromptPosition, Language: "en-US", Position: 3})
	if want := "You are number 3 in line."; !ok || text != want {
		t.Errorf("%q, want %q", text, want)
	}
}

// The order to play a warning says of which level it is: who is asked for a key is
// another than who is released.
func TestB45_SayWarningsOfBothLevels(t *testing.T) {
	t.Parallel()
	e, err := acd.NewEngine(acd.EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2027, 1, 15, 9, 0, 0, 0, time.UTC)
	config := queue.Defaults()
	config.Name, config.Number, config.Language = "q", "8000", "en"
	config.WaitWhenNoAgentsOnline = true
	for _, in := range []acd.Input{
		acd.CreateQueue{Queue: "q", Config: config},
		acd.EnableBlocking{First: true, Second: true},
		acd.SetBlocked{BlockedNumber: queue.BlockedNumber{Listing: queue.Listing{Number: "+49301", Enabled: true}, Level: queue.BlockFirst}},
		acd.SetBlocked{BlockedNumber: queue.BlockedNumber{Listing: queue.Listing{Number: "+49302", Enabled: true}, Level: queue.BlockSecond}},
		acd.Join{Call: "first", Queue: "q", Number: "+49301"},
		acd.Join{Call: "second", Queue: "q", Number: "+49302"},
	} {
		if err := e.Step(now, in); err != nil {
			t.Fatal(err)
		}
	}
	said := map[queue.CallID]string{}
	for _, ev := range e.Take() {
		if play, ok := ev.Do.(*acd.Play); ok {
			said[play.Call], _, _ = speech.Say(play)
		}
	}
	for call, final := range map[queue.CallID]bool{"first": false, "second": true} {
		if want := speech.Text("en", speech.Announcement{What: speech.Warning, Final: final}); said[call] != want {
			t.Errorf("%s: %q, want %q", call, said[call], want)
		}
	}
}
