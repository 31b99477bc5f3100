export interface PageSettings {
  gatewayUrl: string;
  cardIpCode: string;
  /** Whether the gateway is the simulator, with a console to look at. */
  simulated: boolean;
}

/** From the runner: what a payment page must know of the gateway. */
export const settings: Promise<PageSettings> = fetch('/_local/settings').then(answer => answer.json());
