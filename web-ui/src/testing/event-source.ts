/** The browser's EventSource under the test's control: events arrive when the test says so. */
export class FakeEventSource extends EventTarget {
  static open: FakeEventSource[] = [];

  constructor(readonly url: string) {
    super();
    FakeEventSource.open.push(this);
  }

  close() {
    FakeEventSource.open = FakeEventSource.open.filter((other) => other !== this);
  }

  emit(type: 'values' | 'state', data: unknown) {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }

  fail() {
    this.dispatchEvent(new Event('error'));
  }
}
