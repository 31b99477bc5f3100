/**
 * A merchant's pages as manual 000 tells to write them (p.11 to 20), for the vendor's host. Only the code is the
 * manual's; its comments and sample texts are not here.
 */

export const vendorHost = 'https://linkpt.cardservice.co.jp';

export interface PageParts {
  cvv?: boolean;
  /** Above the script. */
  custom?: string;
  style?: string;
  script?: string;
  /** Where the form goes: `/pay/new` and `/pay/stored` are the merchant's own. */
  action?: string;
  form?: string;
  button?: string;
  /** Below the form. */
  below?: string;
}

const area = '<div id="zeus_token_card_info_area"></div>';
const ownButton = '<button type="button" id="btn_go_to_confirm_page">Go</button>';

/** Steps 2 to 4 of the simple version; the parts replace what the manual lets a merchant replace. */
export function page(parts: PageParts = {}): string {
  const { cvv = true, custom = '', style = '', script = payScript, action = '/pay/new', form = area } = parts;
  return `<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><title>Payment</title>
${custom && `<script>${custom}</script>`}
<script type="text/javascript" src="${vendorHost}/api/token/1.0/zeus_token${cvv ? '_cvv' : ''}.js"></script>
<link rel="stylesheet" href="${vendorHost}/api/token/1.0/zeus_token.css">
<style>${style}</style><script>${script}</script></head>
<body><main><h1>Payment</h1><form id="form1" name="form1" action="${action}" method="POST">
${form}${parts.button ?? ownButton}</form>${parts.below ?? ''}</main></body></html>`;
}

const scriptWith = (preset: string) => `
var zeusTokenIpcode = "9999999999";

function beforeSubmit() {
zeusToken.getToken(function(zeus_token_response_data) {
if (!zeus_token_response_data['result']) {
alert(zeusToken.getErrorMessage(zeus_token_response_data['error_code']));
} else {
document.form1.submit();
}
});
}

window.onload = function() {
document.getElementById('btn_go_to_confirm_page').onclick = function () {
${preset}
beforeSubmit();
}
};
`;

export const payScript = scriptWith('');
export const storedCardScript = scriptWith("document.getElementById('zeus_token_action_type_quick').click();");

const hideChoice = `
label[for="zeus_token_action_type_quick"] {display: none;}
label[for="zeus_token_action_type_new"] {display: none;}
#zeus_token_action_type_quick{display: none;}
#zeus_token_action_type_new{display: none;}
`;

export const onlyNewCards = `${hideChoice}#zeus_registerd_card_area{display: none;}`;
export const onlyStoredCards = `${hideChoice}#zeus_new_card_area{display: none;}`;

const results = `
<input type="hidden" value="" id="zeus_token_value" name="zeus_token_value">
<input type="hidden" value="" id="zeus_token_masked_card_no" name="zeus_token_masked_card_no">
<input type="hidden" value="" id="zeus_token_return_card_expires_month" name="zeus_token_return_card_expires_month">
<input type="hidden" value="" id="zeus_token_return_card_expires_year" name="zeus_token_return_card_expires_year">
<input type="hidden" value="" id="zeus_token_masked_cvv" name="zeus_token_masked_cvv">
<input type="hidden" value="" id="zeus_token_return_card_name" name="zeus_token_return_card_name">
`;

const ownStored = `
2nd CVV : <input type="tel" value="" id="zeus_token_card_cvv_for_registerd_card" name="zeus_token_card_cvv_for_registerd_card" size="4" maxlength="5" >
`;

const ownNew = `
Cardnumber : <input type='tel' id='zeus_token_card_number' name="zeus_token_card_number"><br>
Month :<select id='zeus_token_card_expires_month' name="zeus_token_card_expires_month"><option value="12">12</option></select><br>
Year :<select id='zeus_token_card_expires_year' name="zeus_token_card_expires_year"><option value="2019">2019</option></select><br>
Cardname : <input type='text' id='zeus_token_card_name' name="zeus_token_card_name"><br>
1st CVV : <input type='text' id='zeus_token_card_cvv' name='zeus_token_card_cvv'><br>
`;

/** Of the sample with own HTML, where it stands below the form: inside it would send it. */
export const bareButton = '<button id ="btn_go_to_confirm_page">Go</button>';

/** Both radio buttons have one value there. */
export const ownHtml = `
1st: <input type='radio' id='zeus_token_action_type_new' name="zeus_card_option" value="new"><br>
2nd: <input type='radio' id='zeus_token_action_type_quick' name="zeus_card_option" value="new"><br>
<div id = "zeus_registerd_card_area">${ownStored}</div>
<div id='zeus_new_card_area'>${ownNew}</div>
${results}`;

export const ownHtmlNew = `
<input type='radio' id='zeus_token_action_type_new' name="zeus_card_option" style="display:none" checked>
<input type='radio' id='zeus_token_action_type_quick' name="zeus_card_option" style="display:none">
<div id = "zeus_registerd_card_area" style="display:none">${ownStored}</div>
<div id='zeus_new_card_area'>${ownNew}</div>
${results}`;

export const ownHtmlStored = `
<input type='radio' id='zeus_token_action_type_new' name="zeus_card_option" style="display:none">
<input type='radio' id='zeus_token_action_type_quick' name="zeus_card_option" style="display:none" checked>
<div id = "zeus_registerd_card_area">${ownStored}</div>
<div id='zeus_new_card_area' style="display:none">${ownNew}</div>
${results}`;
