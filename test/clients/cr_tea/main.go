// Calls operations of cr through the vendor's generated Go SDK; pinned.ts adapts the imports to the pinned major versions.
// Driver.ask in driver.ts has the form of calls and answers.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strconv"

	cr "github.com/alibabacloud-go/cr-20181201/v2/client"
	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	util "github.com/alibabacloud-go/tea-utils/v2/service"
	"github.com/alibabacloud-go/tea/tea"
)

type call struct {
	Action string         `json:"action"`
	Params map[string]any `json:"params"`
}

func main() {
	client, err := cr.NewClient(&openapi.Config{
		AccessKeyId:     tea.String(os.Getenv("KEY_ID")),
		AccessKeySecret: tea.String(os.Getenv("KEY_SECRET")),
		Endpoint:        tea.String(os.Getenv("HOST")),
		Protocol:        tea.String("http"),
	})
	if err != nil {
		panic(err)
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var asked call
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		answer, err := json.Marshal(perform(client, asked))
		if err != nil {
			panic(err)
		}
		fmt.Println(string(answer))
	}
}

func perform(client *cr.Client, asked call) map[string]any {
	method := reflect.ValueOf(client).MethodByName(asked.Action + "WithOptions")
	if !method.IsValid() {
		return map[string]any{"unknown": asked.Action}
	}
	arguments := []reflect.Value{reflect.ValueOf(&util.RuntimeOptions{Autoretry: tea.Bool(false)})}
	if method.Type().NumIn() == 2 {
		request := reflect.New(method.Type().In(0).Elem())
		for _, name := range namesOf(asked.Params) {
			if !set(request.Elem(), name, asked.Params[name]) {
				return map[string]any{"unknown": asked.Action + " " + name}
			}
		}
		arguments = append([]reflect.Value{request}, arguments...)
	}
	results := method.Call(arguments)
	if err, failed := results[1].Interface().(error); failed {
		refused, isServers := err.(*tea.SDKError)
		if !isServers {
			return map[string]any{"failed": err.Error()}
		}
		return map[string]any{"code": tea.StringValue(refused.Code)}
	}
	return map[string]any{"read": results[0].Elem().FieldByName("Body").Interface()}
}

// In an order, so that the first unknown one is always the same.
func namesOf(params map[string]any) []string {
	names := make([]string, 0, len(params))
	for name := range params {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Sets a text, a number, a flag or a list of texts. False where the SDK has no such parameter.
func set(request reflect.Value, name string, value any) bool {
	field := request.FieldByName(name)
	if !field.IsValid() {
		return false
	}
	if items, isList := value.([]any); isList {
		if field.Type() != reflect.TypeOf([]*string{}) {
			return false
		}
		for _, item := range items {
			text, isText := item.(string)
			if !isText {
				return false
			}
			field.Set(reflect.Append(field, reflect.ValueOf(tea.String(text))))
		}
		return true
	}
	text := value.(string)
	switch field.Interface().(type) {
	case *string:
		field.Set(reflect.ValueOf(&text))
	case *bool:
		field.Set(reflect.ValueOf(tea.Bool(text == "true")))
	case *int32, *int64:
		whole, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return false
		}
		field.Set(reflect.New(field.Type().Elem()))
		field.Elem().SetInt(whole)
	default:
		return false
	}
	return true
}
